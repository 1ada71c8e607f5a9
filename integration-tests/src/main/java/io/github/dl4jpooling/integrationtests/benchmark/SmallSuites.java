// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.zoo.text.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Suites that do not time single operators: training steps, calls that pool next to nothing, memory. */
final class SmallSuites {

    private static final List<String> MODELS = List.of("lenet %s 64x1x28x28", "vgg16 %s 16x3x32x32",
            "resnet50 %s 16x3x64x64");
    private static final List<String> POOLINGS = List.of("max", "soft", "lip", "mixed", "gated", "stochastic");
    private static final double MICROSECONDS = 1000;

    private SmallSuites() {}

    /** Median of all rounds for each workload and pass. */
    private static Map<String, Double> time(Class<?> benchmark, List<String> workloads, int rounds, int milliseconds,
            int threads) throws IOException {
        Map<String, List<Double>> all = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (String workload : workloads) {
                for (BenchmarkProcess.Pass pass : BenchmarkProcess.run(System.getProperty("java.class.path"),
                        List.of(), benchmark.getName(), workload, milliseconds, threads)) {
                    all.computeIfAbsent(workload + " " + pass.name(), none -> new ArrayList<>()).add(pass.median());
                }
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        all.forEach((name, times) -> medians.put(name,
                new Median().evaluate(times.stream().mapToDouble(Double::doubleValue).toArray())));
        return medians;
    }

    /** A training step of networks with other poolings, against the same network with its own. */
    static Table steps(int rounds, int milliseconds, int threads) throws IOException {
        List<String> workloads = new ArrayList<>();
        for (String model : MODELS) {
            workloads.add(String.format(Locale.ROOT, model, TrainingStepBenchmark.OWN));
            POOLINGS.forEach(pooling -> workloads.add(String.format(Locale.ROOT, model, pooling)));
        }
        Map<String, Double> times = time(TrainingStepBenchmark.class, workloads, rounds, milliseconds, threads);
        Table table = new Table("Network", "Pooling", "Images", ">ms", ">x own");
        times.forEach((name, median) -> {
            String[] words = name.split(" ");
            double own = times.get(name.replaceFirst(" \\S+", " " + TrainingStepBenchmark.OWN));
            table.row(words[0], words[1], words[2], BenchmarkTable.number(median), BenchmarkTable.number(median / own));
        });
        return table;
    }

    /** What calls need beside their arrays. */
    static Table memory(List<Workload> workloads, int threads) {
        BenchmarkThreads.use(threads);
        Table table = new Table("Operator", "Window", "Input", ">input MB", ">output MB", ">index MB", ">forward MB",
                ">backward MB");
        for (Workload workload : workloads) {
            WorkloadArrays arrays = new WorkloadArrays(workload);
            arrays.backward();
            table.row(workload.operator(), workload.window(), BenchmarkTable.input(workload),
                    BenchmarkTable.number(megabytes(arrays.input())),
                    BenchmarkTable.number(megabytes(arrays.output())),
                    BenchmarkTable.number(arrays.furtherOutputs().stream().mapToDouble(SmallSuites::megabytes).sum()),
                    BenchmarkTable.number(PeakMemory.megabytesOf(arrays::forward)),
                    BenchmarkTable.number(PeakMemory.megabytesOf(arrays::backward)));
        }
        return table;
    }

    private static double megabytes(INDArray array) {
        return array.length() * array.dataType().width() / (double) (1 << 20);
    }

    /** The way to the kernel. */
    static Table calls(int rounds, int milliseconds, int threads) throws IOException {
        Table table = new Table("Call", ">microseconds");
        time(TinyCallBenchmark.class, List.of("tiny"), rounds, milliseconds, threads).forEach((name, median) -> table
                .row(name.split(" ")[1], BenchmarkTable.number(median * MICROSECONDS)));
        return table;
    }
}
