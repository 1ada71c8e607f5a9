// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.kernel.CpuKernels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./pooling bench}: times pooling layers against DL4J's and against the copy speed of memory. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Times the forward and backward pass of DL4J's max and average pooling and of ours on [32,64,112,112] float,",
            "and copying the input, in one run (JMH). Prints medians and ratios."
        })
public class BenchCommand implements Callable<Integer> {

    @Option(
            names = "--pooling",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "max,average,soft",
            description = "Layers to time: max and average (DL4J's), soft (ours). Default: ${DEFAULT-VALUE}.")
    private List<String> poolings;

    @Option(
            names = "--window",
            split = ",",
            paramLabel = "WINDOW",
            defaultValue = "2x2/2,3x3/2",
            description = "Window and stride: 2x2/2, 3x3/2. Default: ${DEFAULT-VALUE}.")
    private List<String> windows;

    @Option(
            names = "--library",
            split = ",",
            paramLabel = "NAME",
            description = {
                "CPU libraries of ND4J to run with, one after the other: plain, avx2, avx512, onednn-avx2, onednn-avx512.",
                "Default: the one ND4J chooses. Others than the default must be built in: mvn package -DskipTests "
                        + "-Pcpu-libraries."
            })
    private List<String> libraries = new ArrayList<>();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "OpenMP threads. Default: one per core.")
    private Integer threads;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "3",
            description = "Measuring time of each figure, after a third of it as warm-up. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws RunnerException {
        check("--pooling", poolings, "max", "average", "soft");
        check("--window", windows, "2x2/2", "3x3/2");
        check("--library", libraries, "plain", "avx2", "avx512", "onednn-avx2", "onednn-avx512");
        if (seconds < 1 || threads != null && threads < 1) {
            throw new ParameterException(spec.commandLine(), "--seconds and --threads must be at least 1");
        }
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        System.out.printf(
                "%s %s, Java %s, %d threads, kernels: %s. [32,64,112,112] float, median of %d s (and quartiles), ms.%n",
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.version"),
                count,
                CpuKernels.instructionSet().name().toLowerCase(Locale.ROOT),
                seconds);
        BenchmarkTable table = new BenchmarkTable();
        if (libraries.isEmpty()) {
            run(table, "default", count);
        }
        for (String library : libraries) {
            run(table, library, count);
        }
        System.out.print(table.render());
        return 0;
    }

    private void check(String option, List<String> values, String... allowed) {
        for (String value : values) {
            if (!List.of(allowed).contains(value)) {
                throw new ParameterException(
                        spec.commandLine(), option + " must be among " + String.join(", ", allowed) + ", got " + value);
            }
        }
    }

    private void run(BenchmarkTable table, String library, int count) throws RunnerException {
        System.out.printf("Timing with ND4J library %s ...%n", library);
        List<String> jvm = new ArrayList<>(List.of("-Xmx2g", "-Dorg.bytedeco.javacpp.maxphysicalbytes=6g"));
        if (!library.equals("default")) {
            jvm.add("-Dorg.bytedeco.javacpp.platform.extension=" + (library.equals("plain") ? "" : "-" + library));
        }
        jvm.add("-Dnd4j.omp.threads=" + count);
        jvm.add("-Djava.util.concurrent.ForkJoinPool.common.parallelism=" + count);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(PoolingBenchmark.class.getName())
                .include(CopyBenchmark.class.getName())
                .param("pooling", poolings.toArray(new String[0]))
                .param("window", windows.toArray(new String[0]))
                .forks(1)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(Math.max(500, seconds * 1000L / 3)))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(seconds * 1000L / 3))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .jvmArgsAppend(jvm.toArray(new String[0]));
        Collection<RunResult> results = new Runner(options.build()).run();
        for (RunResult result : results) {
            Statistics statistics = result.getPrimaryResult().getStatistics();
            String label = result.getPrimaryResult().getLabel();
            table.add(
                    library,
                    label.equals("copy") ? "copy" : result.getParams().getParam("pooling"),
                    label.equals("copy") ? "" : result.getParams().getParam("window"),
                    label,
                    statistics.getPercentile(25),
                    statistics.getPercentile(50),
                    statistics.getPercentile(75));
        }
    }
}
