// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * A Java virtual machine that times all passes of one benchmark class on one workload. Libraries that cannot live in
 * one process, because they need different versions of JavaCPP, are timed side by side this way; the class needs JMH
 * only.
 */
public final class BenchmarkProcess {

    /** System property: number of threads. */
    public static final String THREADS_PROPERTY = "benchmark.threads";

    private static final String RESULT = "RESULT ";
    private static final int LINES_OF_AN_ERROR = 20;

    private BenchmarkProcess() {}

    /** Quartiles of the time of one pass in milliseconds. */
    static final class Pass {
        private final String name;
        private final double[] quartiles;

        Pass(String name, double... quartiles) {
            this.name = name;
            this.quartiles = quartiles;
        }

        String name() {
            return name;
        }

        double median() {
            return quartiles[1];
        }
    }

    /**
     * Times.
     *
     * @param arguments name of the benchmark class, workload, measuring time of a pass in milliseconds
     * @throws RunnerException if the benchmark fails
     */
    public static void main(String[] arguments) throws RunnerException {
        int milliseconds = Integer.parseInt(arguments[2]);
        OptionsBuilder options = new OptionsBuilder();
        options.include(arguments[0].replace(".", "\\.") + "\\.")
                .param("workload", arguments[1])
                .forks(0)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(Math.max(200, milliseconds / 2)))
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(milliseconds))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        for (RunResult result : new Runner(options.build()).run()) {
            report(result.getPrimaryResult().getLabel(), result.getPrimaryResult().getStatistics());
        }
        // Libraries leave threads behind.
        System.exit(0);
    }

    /**
     * Tells the process that started this one what a pass takes.
     *
     * @param name of the pass
     * @param times in milliseconds
     */
    static void report(String name, Statistics times) {
        System.out.println(RESULT + name + " " + times.getPercentile(25) + " " + times.getPercentile(50) + " "
                + times.getPercentile(75));
    }

    /**
     * Starts a process and waits for its results.
     *
     * @param classPath of the process
     * @param jvm arguments of its virtual machine
     * @param benchmark the class
     * @param workload what to run
     * @param milliseconds measuring time of a pass
     * @param threads threads to use
     * @return times of all passes
     * @throws IOException if the process cannot be started, or fails
     */
    static List<Pass> run(String classPath, List<String> jvm, String benchmark, String workload, int milliseconds,
            int threads) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath, "-Xmx4g",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0", "-Dorg.bytedeco.javacpp.maxbytes=0",
                "-D" + THREADS_PROPERTY + "=" + threads));
        command.addAll(jvm);
        command.addAll(List.of(BenchmarkProcess.class.getName(), benchmark, workload,
                String.valueOf(milliseconds)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
        Process process = builder.start();
        List<Pass> passes = new ArrayList<>();
        List<String> others = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(RESULT)) {
                    String[] words = line.substring(RESULT.length()).split(" ");
                    passes.add(new Pass(words[0], Double.parseDouble(words[1]), Double.parseDouble(words[2]),
                            Double.parseDouble(words[3])));
                } else {
                    others.add(line);
                }
            }
        } finally {
            process.destroy();
        }
        if (passes.isEmpty()) {
            throw new IOException(String.format(Locale.ROOT, "%s failed on %s:%n%s", benchmark, workload,
                    String.join(System.lineSeparator(),
                            others.subList(Math.max(0, others.size() - LINES_OF_AN_ERROR), others.size()))));
        }
        return passes;
    }
}
