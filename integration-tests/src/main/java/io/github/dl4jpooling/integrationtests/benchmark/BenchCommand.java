// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.kernel.CpuKernels;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.zoo.cli.PoolingSubcommand;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.util.Statistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./pooling bench}: times pooling layers against DL4J's and against the copy speed of memory. */
@Command(
        name = "bench",
        sortOptions = false,
        description = {
            "Times the forward and backward pass of DL4J's max and average pooling and of ours on",
            "[32,64,112,112] float, and copying the input, in one run (JMH). Prints medians and ratios."
        })
public class BenchCommand implements PoolingSubcommand {

    private static final String DEFAULT_LIBRARY = "default";

    @Option(
            names = "--pooling",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "max,average,soft",
            description = "Layers to time: max, average and pnorm are DL4J's own. Default: ${DEFAULT-VALUE}.")
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
                "CPU libraries of ND4J to run with, one after the other: plain, avx2, avx512, onednn-avx2, "
                        + "onednn-avx512.",
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

    @Option(
            names = "--gpu",
            description = {
                "Time the kernels of operators on the first GPU instead, without copies to it and back, beside the "
                        + "time in which the device copies as many bytes."
            })
    private boolean gpu;

    @Option(
            names = "--op",
            split = ",",
            paramLabel = "NAME",
            description = "With --gpu: operators to time, for instance soft_pool,roi_align. Default: all.")
    private List<String> operators = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws RunnerException {
        if (gpu) {
            check("--op", operators, stems());
            GpuBenchmark.run(GpuBenchmark.operators(operators), spec.commandLine().getOut());
            spec.commandLine().getOut().flush();
            return 0;
        }
        check("--pooling", poolings, Pooling.names());
        check("--window", windows, List.of("2x2/2", "3x3/2"));
        check("--library", libraries, List.of("plain", "avx2", "avx512", "onednn-avx2", "onednn-avx512"));
        libraries.forEach(this::checkPresent);
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
        List<BenchmarkTable.Figure> figures = new ArrayList<>();
        for (String library : libraries.isEmpty() ? List.of(DEFAULT_LIBRARY) : libraries) {
            System.out.printf("Timing with ND4J library %s ...%n", library);
            figures.addAll(run(library, count));
        }
        System.out.print(BenchmarkTable.render(figures));
        return 0;
    }

    private static List<String> stems() {
        return Arrays.stream(PoolingOperator.values())
                .filter(PoolingOperator::hasGradient) // both passes are measured
                .map(PoolingOperator::stem)
                .collect(Collectors.toList());
    }

    private void check(String option, List<String> values, List<String> allowed) {
        for (String value : values) {
            if (!allowed.contains(value)) {
                throw new ParameterException(
                        spec.commandLine(), option + " must be among " + String.join(", ", allowed) + ", got " + value);
            }
        }
    }

    private void checkPresent(String library) {
        String ending = Loader.getPlatform() + (library.equals("plain") ? "" : "-" + library) + ".jar";
        boolean present = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(path -> new File(path).getName())
                .anyMatch(name -> name.startsWith("nd4j-native-") && name.endsWith(ending));
        if (!present) {
            throw new ParameterException(spec.commandLine(), "--library " + library + " is not in this build; "
                    + "add ND4J's other libraries with: mvn package -DskipTests -Pcpu-libraries");
        }
    }

    private List<BenchmarkTable.Figure> run(String library, int count) throws RunnerException {
        List<String> jvm = library.equals(DEFAULT_LIBRARY)
                ? List.of()
                : List.of("-Dorg.bytedeco.javacpp.platform.extension="
                        + (library.equals("plain") ? "" : "-" + library));
        ChainedOptionsBuilder options = JmhOptions.of(seconds, count, jvm)
                .include(PoolingBenchmark.class.getName())
                .include(CopyBenchmark.class.getName())
                .param("pooling", poolings.toArray(new String[0]))
                .param("window", windows.toArray(new String[0]));
        Collection<RunResult> results = new Runner(options.build()).run();
        List<BenchmarkTable.Figure> figures = new ArrayList<>();
        for (RunResult result : results) {
            Statistics times = result.getPrimaryResult().getStatistics();
            figures.add(new BenchmarkTable.Figure(
                    library,
                    parameter(result, "pooling"),
                    parameter(result, "window"),
                    result.getPrimaryResult().getLabel(),
                    times.getPercentile(25),
                    times.getPercentile(50),
                    times.getPercentile(75)));
        }
        return figures;
    }

    /** Empty for the copy, which has no parameters. */
    private static String parameter(RunResult result, String name) {
        String value = result.getParams().getParam(name);
        return value == null ? "" : value;
    }
}
