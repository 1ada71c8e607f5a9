// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.kernel.ComputeDevice;
import io.github.dl4jpooling.kernel.ComputeDevices;
import io.github.dl4jpooling.kernel.GpuTimes;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.zoo.text.Table;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Times every kernel of operators on a GPU, against copying as many bytes as it must move on the same device. Arrays
 * are on the device: neither bringing them there nor back counts.
 */
final class GpuBenchmark {

    private static final int BATCHES = 16; // 103 MB of input: more than a device caches
    private static final int REPETITIONS = 21;

    private GpuBenchmark() {}

    /**
     * Runs and prints a table.
     *
     * @param operators which
     * @param out where to print
     * @return whether there was a GPU
     */
    static boolean run(Collection<PoolingOperator> operators, PrintWriter out) {
        ComputeDevices.use("cuda");
        try {
            if (!ComputeDevices.inUse().startsWith("cuda")) {
                out.println("There is no GPU to time kernels on: " + ComputeDevices.found().get(0).reason());
                return false;
            }
            ComputeDevices.found().stream().filter(ComputeDevice::isInUse).forEach(
                    device -> out.println(device.details() + ". Median of " + REPETITIONS + " launches, float."));
            Table table = new Table("Operator", "Case", "Kernel", ">MB", ">ms", ">copy ms", ">copies");
            for (PoolingOperator operator : operators) {
                for (String name : OperatorCase.names(operator)) {
                    Consumer<Runnable> measure = pass -> rows(table, operator, name, pass);
                    OperatorCase.of(operator, name, BATCHES).run(measure, measure);
                }
            }
            out.print(table.toText());
            return true;
        } finally {
            ComputeDevices.use(null);
        }
    }

    private static void rows(Table table, PoolingOperator operator, String name, Runnable pass) {
        List<GpuTimes.Time> times = GpuTimes.measure(pass, REPETITIONS);
        for (GpuTimes.Time time : times) {
            table.row(
                    operator.title(),
                    name,
                    time.kernel(),
                    number("%.1f", time.bytes() / 1e6),
                    number("%.3f", time.milliseconds()),
                    number("%.3f", time.copyMilliseconds()),
                    number("%.2f", time.milliseconds() / time.copyMilliseconds()));
        }
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** Operators by their names; all where none is named. */
    static List<PoolingOperator> operators(List<String> names) {
        return names.isEmpty()
                ? Arrays.stream(PoolingOperator.values()).filter(PoolingOperator::hasGradient)
                        .collect(Collectors.toList())
                : names.stream().map(name -> PoolingOperator.valueOf(name.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toList());
    }
}
