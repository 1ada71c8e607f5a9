// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kernels, compiled with a sanitizer for one instruction set, with a program that makes recorded calls:
 * {@code samediff-ops/src/test/cpp/sanitizers/replay.cpp}.
 */
final class SanitizedProgram {

    /** System property that names the folder; the profile sanitize sets it. */
    static final String PROPERTY = "dl4jpooling.sanitizers";

    private static final long TIME_LIMIT_SECONDS = 600;
    private static final String THREAD = "thread";

    // Memory that kernels get has another content each time, and so have results that depend on it.
    private static final List<Replay> MEMORY_REPLAYS = List.of(
            new Replay("before", "1,3", "max_malloc_fill_size=1073741824:malloc_fill_byte=255"),
            new Replay("behind", "2,5", "max_malloc_fill_size=1073741824:malloc_fill_byte=61"));
    private static final List<Replay> THREAD_REPLAYS = List.of(new Replay("behind", "4", "history_size=4"));

    private final Path file;

    private SanitizedProgram(Path file) {
        this.file = file;
    }

    /** One process. */
    private static final class Replay {
        private final String guard;
        private final String threads;
        private final String options;

        Replay(String guard, String threads, String options) {
            this.guard = guard;
            this.threads = threads;
            this.options = options;
        }
    }

    /** Those that were built; none without the profile. */
    static List<SanitizedProgram> all() {
        String folder = System.getProperty(PROPERTY, "");
        if (folder.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.filter(file -> file.getFileName().toString().startsWith("replay-"))
                    .sorted().map(SanitizedProgram::new).collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it finds races, and not faults of memory. */
    boolean findsRaces() {
        return file.getFileName().toString().contains(THREAD);
    }

    private List<Replay> replays() {
        return findsRaces() ? THREAD_REPLAYS : MEMORY_REPLAYS;
    }

    /**
     * Makes all calls of a file.
     *
     * @throws AssertionError with the sanitizer's report, if there is any fault
     */
    void replay(Path calls) {
        List<String> results = new ArrayList<>();
        for (Replay replay : replays()) {
            Path output = calls.resolveSibling(calls.getFileName() + "-" + file.getFileName() + "-" + replay.guard);
            results.add(run(replay, output, calls.toString(), replay.guard, replay.threads));
        }
        List<String> first = results.get(0).lines().collect(Collectors.toList());
        for (String other : results) {
            assertThat(other.lines()).as("results with another content of memory that was not written, %s", file)
                    .containsExactlyElementsOf(first);
        }
    }

    /** Kernels with the numbers of their types. */
    List<String> kernels(Path folder) {
        Path output = folder.resolve(file.getFileName() + "-kernels");
        return run(replays().get(0), output, "--kernels").lines().collect(Collectors.toList());
    }

    private String run(Replay replay, Path output, String... arguments) {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(Arrays.asList(arguments));
        Path errors = output.resolveSibling(output.getFileName() + "-errors");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(output.toFile()).redirectError(errors.toFile());
            builder.environment().putAll(options(replay));
            Process process = builder.start();
            boolean ended = process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            String text = Files.readString(output);
            String report = Files.readString(errors);
            Files.delete(output);
            Files.delete(errors);
            if (!ended || process.exitValue() != 0) {
                String last = text.lines().reduce("", (a, b) -> b);
                throw new AssertionError(String.join(" ", command) + (ended ? "" : " did not end") + "\nin the call "
                        + last + "\n" + report);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static Map<String, String> options(Replay replay) {
        String all = "halt_on_error=1:print_stacktrace=1:allocator_may_return_null=1:detect_leaks=0:" + replay.options;
        // Not detect_stack_use_after_return: for it GCC 12 makes stacks that are not aligned for vectors of 64 bytes.
        return Map.of("ASAN_OPTIONS", all, "UBSAN_OPTIONS", all, "TSAN_OPTIONS", all);
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
