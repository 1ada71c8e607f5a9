// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.zoo.text.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.apache.commons.math3.util.MathArrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Suites that do not time single operators: training steps, calls that pool next to nothing, memory. */
final class SmallSuites {

    private static final List<String> MODELS = List.of("lenet %s 64x1x28x28", "vgg16 %s 16x3x32x32",
            "resnet50 %s 16x3x64x64");
    private static final List<String> POOLINGS =
            List.of(TrainingStepBenchmark.OWN, "max", "soft", "lip", "mixed", "gated", "stochastic");
    private static final double MICROSECONDS = 1000;

    private SmallSuites() {}

    /** Times of all rounds for each workload and pass. */
    private static Map<String, Map<String, double[]>> time(Class<?> benchmark, List<String> workloads, int rounds,
            int milliseconds, int threads) throws IOException {
        Map<String, Map<String, double[]>> all = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (String workload : workloads) {
                for (BenchmarkProcess.Pass pass : BenchmarkProcess.run(System.getProperty("java.class.path"),
                        List.of(), benchmark.getName(), workload, milliseconds, threads)) {
                    all.computeIfAbsent(workload, none -> new LinkedHashMap<>())
                            .computeIfAbsent(pass.name(), none -> new double[rounds])[round] = pass.median();
                }
            }
        }
        return all;
    }

    private static String median(double... values) {
        return BenchmarkTable.number(new Median().evaluate(values));
    }

    /**
     * A training step of networks with other poolings, against the same network with its own. That against itself shows
     * what such a comparison is worth.
     */
    static Table steps(int rounds, int milliseconds, int threads) throws IOException {
        List<String> workloads = new ArrayList<>();
        for (String model : MODELS) {
            POOLINGS.forEach(pooling -> workloads.add(String.format(Locale.ROOT, model, pooling)));
        }
        Table table = new Table("Network", "Pooling", "Images", ">ms", ">own ms", ">x own", ">least - most");
        time(TrainingStepBenchmark.class, workloads, rounds, milliseconds, threads).forEach((workload, times) -> {
            double[] own = times.get(TrainingStepBenchmark.OWN);
            double[] other = times.get(TrainingStepBenchmark.OTHER);
            double[] ratios = MathArrays.ebeDivide(other, own);
            String[] words = workload.split(" ");
            table.row(words[0], words[1], words[2], median(other), median(own), median(ratios),
                    BenchmarkTable.number(StatUtils.min(ratios)) + " - "
                            + BenchmarkTable.number(StatUtils.max(ratios)));
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
        time(TinyCallBenchmark.class, List.of("tiny"), rounds, milliseconds, threads).get("tiny").forEach(
                (name, times) -> table.row(name, median(MathArrays.scale(MICROSECONDS, times))));
        return table;
    }
}
