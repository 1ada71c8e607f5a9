// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.ops.DeformableRoiPool;
import io.github.dl4jpooling.ops.ExecutableOp;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOpBp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RoiAlign;
import io.github.dl4jpooling.ops.SpatialPyramidPool;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowOp;
import io.github.dl4jpooling.zoo.catalogue.Examples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/** A {@link Workload} with ND4J: the op and all arrays, made once. */
final class WorkloadArrays {

    private final PoolingOp op;
    private final PoolingOp withoutGradient;
    private final PoolingOpBp gradient;
    private final List<INDArray> inputs;
    private final List<INDArray> outputs;
    private final List<INDArray> gradientInputs;
    private final List<INDArray> gradients;

    WorkloadArrays(Workload workload) {
        Nd4j.getRandom().setSeed(1);
        op = op(workload);
        withoutGradient = op.withoutGradient();
        inputs = inputs(workload);
        outputs = like(op, inputs, workload);
        op.execute(inputs, outputs);
        gradient = op.gradient();
        gradientInputs = new ArrayList<>(inputs);
        gradientInputs.addAll(outputs.subList(1, outputs.size()));
        gradientInputs.add(outputs.get(0).dup());
        gradients = like(gradient, gradientInputs, workload);
    }

    private static PoolingOp op(Workload workload) {
        if (workload.hasBoxes()) {
            RegionGrid grid = RegionGrid.builder((int) workload.cells()[0], (int) workload.cells()[1]).build();
            return workload.operator().equals("roi_align")
                    ? new RoiAlign(grid, RoiAlign.Mode.AVERAGE, workload.samples(), true)
                    : new DeformableRoiPool(grid, workload.samples(), 0.1, true, false);
        }
        boolean isLast = workload.layout().equals("last");
        Examples examples = Examples.of(workload.dimensions(), isLast);
        if (workload.hasWindow()) {
            int dimensions = workload.dimensions();
            examples = examples.window(PoolingWindow.builder(ints(workload.kernel()))
                    .stride(IntStream.generate(workload::stride).limit(dimensions).toArray())
                    .padding(IntStream.generate(workload::padding).limit(dimensions).toArray())
                    .channelsLast(isLast).build());
        } else if (workload.hasLevels()) {
            return new SpatialPyramidPool(ints(workload.levels()));
        } else {
            examples = examples.cells((int) workload.cells()[0]);
        }
        PoolingOperator operator = PoolingOperator.valueOf(workload.operator().toUpperCase(Locale.ROOT));
        return examples.op(operator).orElseThrow();
    }

    private static int[] ints(long... numbers) {
        return Arrays.stream(numbers).mapToInt(Math::toIntExact).toArray();
    }

    private List<INDArray> inputs(Workload workload) {
        DataType type = DataType.valueOf(workload.type().toUpperCase(Locale.ROOT));
        INDArray x = stored(workload, type, workload.shape());
        x.assign(Nd4j.rand(DataType.FLOAT, x.shape()).subi(0.5f));
        List<INDArray> all = new ArrayList<>(List.of(x));
        if (op instanceof WindowOp) {
            ((WindowOp) op).furtherInputs().stream().filter(WindowInput::isPresent)
                    .map(input -> Nd4j.rand(DataType.FLOAT, input.shape((WindowOp) op, x.shape())).castTo(type))
                    .forEach(all::add);
        }
        if (workload.hasBoxes()) {
            if (op instanceof DeformableRoiPool) {
                long[] cells = workload.cells();
                all.add(Nd4j.rand(type, workload.boxes(), 2, cells[0], cells[1]));
            }
            all.add(Nd4j.create(workload.boxNumbers().toArray(new double[0][])).castTo(type));
        }
        return all;
    }

    /** An array for a map, laid out as the workload says. */
    private static INDArray stored(Workload workload, DataType type, long... channelsFirst) {
        int rank = channelsFirst.length;
        if (workload.layout().equals("last")) {
            long[] last = new long[rank];
            last[0] = channelsFirst[0];
            System.arraycopy(channelsFirst, 2, last, 1, rank - 2);
            last[rank - 1] = channelsFirst[1];
            return Nd4j.create(type, last);
        }
        if (workload.layout().equals("strided")) {
            long[] swapped = channelsFirst.clone();
            swapped[0] = channelsFirst[1];
            swapped[1] = channelsFirst[0];
            return Nd4j.create(type, swapped).swapAxes(0, 1);
        }
        return Nd4j.create(type, channelsFirst);
    }

    private static List<INDArray> like(ExecutableOp op, List<INDArray> inputs, Workload workload) {
        List<INDArray> arrays = new ArrayList<>();
        for (LongShapeDescriptor shape : op.outputShapes(inputs)) {
            boolean isMap = workload.layout().equals("strided") && shape.getShape().length == inputs.get(0).rank();
            arrays.add(isMap ? stored(workload, shape.dataType(), shape.getShape())
                    : Nd4j.create(shape.dataType(), shape.getShape()));
        }
        return arrays;
    }

    void forward() {
        op.execute(inputs, outputs);
    }

    /** The forward pass of those who want no gradient. */
    void result() {
        withoutGradient.execute(inputs, outputs.subList(0, 1));
    }

    void backward() {
        gradient.execute(gradientInputs, gradients);
    }

    INDArray input() {
        return inputs.get(0);
    }

    /** Index, draw and the like. */
    List<INDArray> furtherOutputs() {
        return outputs.subList(1, outputs.size());
    }

    INDArray output() {
        return outputs.get(0);
    }
}
