// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a main class in a JVM of its own, with the class path of this one. */
public final class ForkedJvm {

    private static final long USUAL_TIME_LIMIT = 300; // seconds

    private final Class<?> main;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private List<String> options = List.of();
    private String limits = "";
    private long timeLimit = USUAL_TIME_LIMIT;

    private ForkedJvm(Class<?> main) {
        this.main = main;
    }

    /**
     * Starts with no options.
     *
     * @param main class with a main method
     * @return this
     */
    public static ForkedJvm of(Class<?> main) {
        return new ForkedJvm(main);
    }

    /**
     * Runs and returns what was printed.
     *
     * @param main class with a main method
     * @param options options of the JVM
     * @param arguments arguments of the main method
     * @throws AssertionError if it fails or takes too long; the message holds the output
     */
    public static String run(Class<?> main, List<String> options, String... arguments) {
        return of(main).options(options).run(arguments);
    }

    /**
     * Sets options.
     *
     * @param newOptions of the JVM
     * @return this
     */
    public ForkedJvm options(List<String> newOptions) {
        options = newOptions;
        return this;
    }

    /**
     * Adds an environment variable.
     *
     * @param name its name
     * @param value its value
     * @return this
     */
    public ForkedJvm environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /**
     * Restricts the process, where there is a shell.
     *
     * @param command of the shell, such as {@code ulimit -f 8}
     * @return this
     */
    public ForkedJvm limits(String command) {
        limits = command;
        return this;
    }

    /**
     * Sets how long it may take.
     *
     * @param seconds from its start to its end
     * @return this
     */
    public ForkedJvm timeLimit(long seconds) {
        timeLimit = seconds;
        return this;
    }

    /**
     * Runs and returns what was printed.
     *
     * @param arguments of the main method
     * @throws AssertionError if it fails or takes too long; the message holds the output
     */
    public String run(String... arguments) {
        Result result = tryToRun(arguments);
        if (result.exitCode != 0) {
            throw new AssertionError("exit code " + result.exitCode + ": " + result.output);
        }
        return result.output;
    }

    /**
     * Runs, for better or worse.
     *
     * @param arguments of the main method
     * @return how it ended
     * @throws AssertionError if it takes too long
     */
    public Result tryToRun(String... arguments) {
        Path java = Paths.get(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>();
        if (!limits.isEmpty()) {
            command.addAll(List.of("/bin/sh", "-c", limits + "; exec \"$0\" \"$@\""));
        }
        command.addAll(Arrays.asList(java.toString(), "-Xmx1g", "-cp", System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(main.getName());
        command.addAll(Arrays.asList(arguments));
        try {
            Path output = Files.createTempFile("forked-jvm", ".txt");
            try {
                return run(command, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new AssertionError("cannot run " + main, e);
        }
    }

    private Result run(List<String> command, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(timeLimit, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        "did not end within " + timeLimit + " s: " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    /** How a process ended. */
    public static final class Result {
        private final int exitCode;
        private final String output;

        private Result(int exitCode, String output) {
            this.exitCode = exitCode;
            this.output = output;
        }

        /** @return its exit code */
        public int exitCode() {
            return exitCode;
        }

        /** @return what it printed */
        public String output() {
            return output;
        }
    }
}
