// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.kernel.CpuKernels;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.zoo.cli.PoolingSubcommand;
import io.github.dl4jpooling.zoo.compare.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./pooling bench}: times this project against memory, DL4J and other libraries. */
@Command(
        name = "bench",
        sortOptions = false,
        description = {
            "Times operators against reading and writing their arrays once, DL4J's layers and other libraries.",
            "Everything runs in processes of its own that take turns, in rounds (JMH). Prints medians of the rounds",
            "and ratios within the run, and writes bench.csv and bar charts."
        })
public class BenchCommand implements PoolingSubcommand {

    private static final double MILLISECONDS = 1000;

    /** What can be timed. */
    enum Suite {
        /** Operators on the maps of early and middle layers. */
        operators,
        /** The same operators on inputs from 1 MB to 1 GB. */
        sizes,
        /** One training step of zoo networks. */
        steps,
        /** Calls that pool next to nothing. */
        calls,
        /** Peak memory beside the arrays. */
        memory
    }

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            defaultValue = "operators",
            description = {
                "operators: on maps of early and middle layers. sizes: inputs from 1 MB to 1 GB. steps: a training "
                        + "step of zoo networks. calls: the way to the kernel, ours and ND4J's. memory: the most a "
                        + "call needs beside its arrays.",
                "Default: ${DEFAULT-VALUE}."
            })
    private Suite suite;

    @Option(
            names = "--op",
            split = ",",
            paramLabel = "NAME",
            description = "Operators to time, for instance soft_pool,roi_align. Default: all of the suite.")
    private List<String> operators = new ArrayList<>();

    @Option(
            names = "--peers",
            description = "Time libtorch and ONNX Runtime too. Needs: mvn package -DskipTests -Ppeers.")
    private boolean peers;

    @Option(
            names = "--library",
            split = ",",
            paramLabel = "NAME",
            description = {
                "ND4J's CPU libraries to time DL4J's layers with: plain, avx2, avx512, onednn-avx2, onednn-avx512.",
                "Default: the one ND4J chooses. Others must be built in: mvn package -DskipTests -Pcpu-libraries."
            })
    private List<String> libraries = new ArrayList<>();

    @Option(names = "--one-thread", description = "Time our kernels on one thread too.")
    private boolean oneThread;

    @Option(names = "--threads", paramLabel = "N", description = "Threads. Default: one per core.")
    private Integer threads;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often everything is timed. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "0.5",
            description = "Measuring time of a pass in a round, after a warm-up. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            defaultValue = "results/bench",
            description = "Folder for bench.csv and the charts. Default: ${DEFAULT-VALUE}.")
    private Path output;

    @Option(
            names = "--gpu",
            description = {
                "Time the kernels of operators on the first GPU instead, without copies to it and back, beside the "
                        + "time in which the device copies as many bytes."
            })
    private boolean gpu;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        check("--op", operators, Arrays.stream(PoolingOperator.values())
                .filter(PoolingOperator::hasGradient) // both passes are measured
                .map(PoolingOperator::stem).collect(Collectors.toList()));
        check("--library", libraries, Implementation.LIBRARIES);
        if (seconds <= 0 || rounds < 1 || threads != null && threads < 1) {
            throw new ParameterException(spec.commandLine(),
                    "--seconds must be positive, --rounds and --threads at least 1");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (gpu) {
            GpuBenchmark.run(GpuBenchmark.operators(operators), out);
        } else {
            out.println(Machine.describe());
            out.printf(Locale.ROOT, "%d threads, kernels: %s, medians of %d rounds%n", threads(),
                    CpuKernels.instructionSet().name().toLowerCase(Locale.ROOT), rounds);
            out.flush();
            run(out);
        }
        out.flush();
        return 0;
    }

    private void run(PrintWriter out) throws IOException {
        switch (suite) {
            case steps:
                out.print(SmallSuites.steps(rounds, milliseconds(), threads()).toText());
                break;
            case calls:
                out.print(SmallSuites.calls(rounds, milliseconds(), threads()).toText());
                break;
            case memory:
                out.print(SmallSuites.memory(selected(Workloads.all()), threads()).toText());
                break;
            default:
                time(suite == Suite.sizes ? Workloads.sizes() : Workloads.all(), out);
        }
    }

    private void time(Collection<Workload> all, PrintWriter out) throws IOException {
        List<Workload> workloads = selected(all);
        libraries.forEach(Implementation::requirePresent);
        List<Implementation> implementations = new ArrayList<>(Implementation.withNd4j(libraries));
        if (oneThread) {
            implementations.add(Implementation.onOneThread());
        }
        if (peers) {
            implementations.addAll(Implementation.peers());
        }
        Figures figures = new BenchmarkRun(implementations, rounds, milliseconds(), threads()).time(workloads);
        List<String> names = Implementation.names(implementations);
        out.print(BenchmarkTable.of(workloads, figures, names.subList(1, names.size())).toText());
        out.println("x stream: multiples of reading the input and writing the result once (both: and back). Others: "
                + "how many times as long as ours they take.");
        Files.createDirectories(output);
        Path file = output.resolve("bench.csv");
        Files.write(file, figures.csv(workloads));
        BenchmarkChart.write(workloads, figures, names, output);
        out.println("Written: " + file + " and charts beside it");
    }

    private List<Workload> selected(Collection<Workload> all) {
        List<Workload> workloads = all.stream()
                .filter(workload -> operators.isEmpty() || operators.contains(workload.operator())).distinct()
                .collect(Collectors.toList());
        if (workloads.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--op " + String.join(",", operators)
                    + " is not in the suite, which has "
                    + all.stream().map(Workload::operator).distinct().collect(Collectors.joining(", ")));
        }
        return workloads;
    }

    private int milliseconds() {
        return (int) Math.max(1, Math.round(seconds * MILLISECONDS));
    }

    private int threads() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    private void check(String option, List<String> values, List<String> allowed) {
        for (String value : values) {
            if (!allowed.contains(value)) {
                throw new ParameterException(
                        spec.commandLine(), option + " must be among " + String.join(", ", allowed) + ", got " + value);
            }
        }
    }
}
