// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class in a JVM of its own, with the class path of this one. */
public final class ForkedJvm {

    private static final long TIME_LIMIT_SECONDS = 300;

    private ForkedJvm() {}

    /**
     * Runs and returns what was printed.
     *
     * @param main class with a main method
     * @param options options of the JVM
     * @param arguments arguments of the main method
     * @throws AssertionError if it fails or takes too long; the message holds the output
     */
    public static String run(Class<?> main, List<String> options, String... arguments) {
        Path java = Paths.get(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(
                Arrays.asList(java.toString(), "-Xmx1g", "-cp", System.getProperty("java.class.path")));
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

    private static String run(List<String> command, Path output) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        "did not end within " + TIME_LIMIT_SECONDS + " s: " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("exit code " + process.exitValue() + ": " + Files.readString(output));
        }
        return Files.readString(output);
    }
}
