// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.kernel.GpuSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kernels for GPUs compiled with nvcc, from the text that the run-time compiler gets, and what they need. */
public final class GpuCompilation {

    /** All generations from Turing to Blackwell, as compute capabilities. */
    public static final List<Integer> TARGETS = List.of(75, 80, 86, 90, 100, 120);

    private static final Pattern ENTRY = Pattern.compile(
            "Compiling entry function '(\\w+)' for 'sm_(\\d+)'\\s+(?:.*\\n)*?.*?(\\d+) bytes stack frame, "
                    + "(\\d+) bytes spill stores, (\\d+) bytes spill loads\\s+.*?Used (\\d+) registers");

    private GpuCompilation() {}

    /** What one pass of a kernel needs on one generation of devices. */
    public static final class Pass {
        private final String stem;
        private final String name;
        private final int target;
        private final int stack;
        private final int spilled;
        private final int registers;

        private Pass(String stem, Matcher matcher) {
            this.stem = stem;
            name = matcher.group(1);
            target = Integer.parseInt(matcher.group(2));
            stack = Integer.parseInt(matcher.group(3));
            spilled = Integer.parseInt(matcher.group(4)) + Integer.parseInt(matcher.group(5));
            registers = Integer.parseInt(matcher.group(6));
        }

        /** @return of the source */
        public String stem() {
            return stem;
        }

        /** @return name of the entry: kernel, number of the pass, element type */
        public String name() {
            return name;
        }

        /** @return compute capability, 80 for 8.0 */
        public int target() {
            return target;
        }

        /** @return bytes of local memory of a thread */
        public int stack() {
            return stack;
        }

        /** @return bytes that are stored and loaded for want of registers */
        public int spilled() {
            return spilled;
        }

        /** @return registers of a thread */
        public int registers() {
            return registers;
        }

        @Override
        public String toString() {
            return name + " for sm_" + target + ": " + registers + " registers, " + stack + " bytes of stack, "
                    + spilled
                    + " bytes spilled";
        }
    }

    /** @return whether nvcc is on the path */
    public static boolean isPossible() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "nvcc")));
    }

    /**
     * Stems of all sources.
     *
     * @param root of a checkout
     * @return in alphabetical order
     * @throws IOException if the folder cannot be read
     */
    public static List<String> stems(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("samediff-ops/src/main/cpp/cuda"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".cu"))
                    .map(name -> name.substring(0, name.length() - 3))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    /**
     * Compiles sources, several at once.
     *
     * @param stems which
     * @param targets compute capabilities
     * @return all passes in all types
     * @throws IllegalStateException if one does not compile; the message is the compiler's
     */
    public static List<Pass> compile(List<String> stems, List<Integer> targets) {
        ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Callable<List<Pass>>> tasks = stems.stream()
                    .map(stem -> (Callable<List<Pass>>) () -> compile(stem, targets))
                    .collect(Collectors.toList());
            List<Pass> all = new ArrayList<>();
            for (Future<List<Pass>> passes : workers.invokeAll(tasks)) {
                all.addAll(passes.get());
            }
            return all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e);
        } finally {
            workers.shutdownNow();
        }
    }

    private static List<Pass> compile(String stem, List<Integer> targets) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("gpu-compilation");
        Path source = folder.resolve(stem + ".cu");
        Path messages = folder.resolve("messages.txt");
        Path code = folder.resolve("code");
        try {
            Files.writeString(source, GpuSource.of(stem));
            // One front end for all: what it makes for the oldest generation every later one translates.
            String generations = targets.stream().map(target -> "sm_" + target).collect(Collectors.joining(","));
            Process process = new ProcessBuilder(
                    "nvcc",
                    "-std=c++17",
                    "-fatbin",
                    "-Werror",
                    "all-warnings",
                    "--resource-usage",
                    "-DPOOLING_NARROW_INDICES",
                    "-gencode",
                    "arch=compute_" + Collections.min(targets) + ",code=[" + generations + "]",
                    "-o",
                    code.toString(),
                    source.toString()).redirectErrorStream(true).redirectOutput(messages.toFile()).start();
            int status = process.waitFor();
            String text = Files.readString(messages);
            if (status != 0) {
                throw new IllegalStateException("nvcc cannot compile " + stem + ".cu:\n" + text);
            }
            List<Pass> passes = new ArrayList<>();
            Matcher matcher = ENTRY.matcher(text);
            while (matcher.find()) {
                passes.add(new Pass(stem, matcher));
            }
            return passes;
        } finally {
            for (Path file : List.of(source, messages, code)) {
                Files.deleteIfExists(file);
            }
            Files.delete(folder);
        }
    }
}
