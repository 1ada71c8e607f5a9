// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.ops.AdaptiveAvgPool;
import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import io.github.dl4jpooling.ops.AveragePool;
import io.github.dl4jpooling.ops.Dequantize;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.Quantize;
import io.github.dl4jpooling.ops.QuantizedForms;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RoiAlign;
import io.github.dl4jpooling.ops.SoftPool;
import io.github.dl4jpooling.zoo.text.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Times of operators on float numbers and of their 8-bit forms, on the same map. */
final class QuantizedTimes {
    private static final long[] MAP = {32, 64, 112, 112};
    private static final long[] REGION_MAP = {2, 256, 100, 150};
    private static final int BOXES = 300;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int WARM_UP = 3;

    private final Quantization quantization = Quantization.ofRange(DataType.UINT8, 0, 1);
    private final int rounds;

    /** @param rounds calls of each operator; the fastest counts, which other work of the machine disturbs least */
    QuantizedTimes(int rounds) {
        this.rounds = rounds;
    }

    /** A row for each operator and order of axes. */
    Table table() {
        Table table = new Table("Operator", "Channels", ">float ms", ">8-bit ms", ">times as fast",
                ">with conversion ms");
        for (boolean last : new boolean[] {false, true}) {
            INDArray map = Nd4j.rand(DataType.FLOAT, last ? lastAxis(MAP) : MAP);
            operators(last).forEach((name, op) -> row(table, name, last, op, map));
            INDArray regions = Nd4j.rand(DataType.FLOAT, last ? lastAxis(REGION_MAP) : REGION_MAP);
            RegionGrid grid = RegionGrid.builder(7, 7).channelsLast(last).build();
            row(table, "RoIAlign 7x7, " + BOXES + " boxes", last, new RoiAlign(grid, RoiAlign.Mode.AVERAGE, 2, true),
                    regions, boxes());
        }
        return table;
    }

    private static long[] lastAxis(long... shape) {
        return new long[] {shape[0], shape[2], shape[3], shape[1]};
    }

    private static Map<String, PoolingOp> operators(boolean last) {
        Map<String, PoolingOp> operators = new LinkedHashMap<>();
        for (int kernel = 2; kernel <= 3; kernel++) {
            PoolingWindow window = PoolingWindow.builder(kernel, kernel).stride(2, 2).channelsLast(last).build();
            String size = " " + kernel + "x" + kernel + "/2";
            operators.put("max" + size, new MaxPool(window));
            operators.put("average" + size, new AveragePool(window));
            operators.put("soft" + size, new SoftPool(window));
        }
        operators.put("adaptive average 7x7", new AdaptiveAvgPool(last, 7, 7));
        operators.put("adaptive max 7x7", new AdaptiveMaxPool(last, 7, 7));
        operators.put("global average", new AdaptiveAvgPool(last, 1, 1));
        return operators;
    }

    private static INDArray boxes() {
        INDArray random = Nd4j.rand(DataType.FLOAT, BOXES, 4);
        INDArray boxes = Nd4j.create(DataType.FLOAT, BOXES, 5);
        for (int i = 0; i < BOXES; i++) {
            boxes.putScalar(i, 0, i % REGION_MAP[0]);
            for (int axis = 0; axis < 2; axis++) {
                double begin = random.getDouble(i, axis) * (REGION_MAP[3 - axis] - 10);
                boxes.putScalar(i, 1 + axis, begin);
                boxes.putScalar(i, 3 + axis, begin + 10 + 40 * random.getDouble(i, 2 + axis));
            }
        }
        return boxes;
    }

    private void row(Table table, String name, boolean last, PoolingOp op, INDArray... inputs) {
        PoolingOp small = QuantizedForms.of(op, quantization, quantization).orElseThrow();
        Quantize quantize = new Quantize(quantization, last);
        List<INDArray> bytes = new ArrayList<>(Arrays.asList(inputs));
        bytes.set(0, outputs(quantize, List.of(inputs[0])).get(0));
        Runnable down = run(quantize, List.of(inputs[0]), bytes.subList(0, 1));
        down.run();
        List<INDArray> pooled = outputs(small, bytes);
        Dequantize dequantize = new Dequantize(quantization, last, DataType.FLOAT);
        Runnable wide = run(op, Arrays.asList(inputs), outputs(op, Arrays.asList(inputs)));
        Runnable narrow = run(small, bytes, pooled);
        Runnable up = run(dequantize, pooled, outputs(dequantize, pooled));
        double[] least = least(wide, narrow, () -> {
            down.run();
            narrow.run();
            up.run();
        });
        table.row(name, last ? "last" : "first", number("%.2f", least[0]), number("%.2f", least[1]),
                number("%.1f", least[0] / least[1]), number("%.2f", least[2]));
    }

    private static List<INDArray> outputs(PoolingOp op, List<INDArray> inputs) {
        return op.outputShapes(inputs).stream().map(shape -> Nd4j.create(shape, false)).collect(Collectors.toList());
    }

    private static Runnable run(PoolingOp op, List<INDArray> inputs, List<INDArray> outputs) {
        return () -> op.execute(inputs, outputs);
    }

    /** In turns, so that what else the machine does hits all alike. */
    private double[] least(Runnable... calls) {
        double[][] millis = new double[calls.length][rounds];
        for (int round = -WARM_UP; round < rounds; round++) {
            for (int i = 0; i < calls.length; i++) {
                long start = System.nanoTime();
                calls[i].run();
                if (round >= 0) {
                    millis[i][round] = (System.nanoTime() - start) / NANOS_PER_MILLI;
                }
            }
        }
        return Arrays.stream(millis).mapToDouble(times -> Arrays.stream(times).min().orElseThrow()).toArray();
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
