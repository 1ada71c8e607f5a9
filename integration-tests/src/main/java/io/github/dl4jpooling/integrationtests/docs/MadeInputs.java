// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.ops.AveragePool;
import io.github.dl4jpooling.ops.DeformableAveragePool;
import io.github.dl4jpooling.ops.DeformablePolicyPool;
import io.github.dl4jpooling.ops.DppFullPool;
import io.github.dl4jpooling.ops.InverseBilateralPool;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.MaxUnpool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.RegionOp;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Inputs, besides images, of operators that get them from other layers: a picture shows what they are for. */
final class MadeInputs {

    private static final double SHIFT = 2.5; // elements, of windows
    private static final double PART_SHIFT = 1.5; // tenths of a region's size
    private static final double WAVE = 1.5;
    private static final float[][] SMOOTHING = {{1, 2, 1}, {2, 4, 2}, {1, 2, 1}};
    private static final double SMOOTHING_SUM = 16;

    private MadeInputs() {}

    /** All inputs of an op, the images first. */
    static Optional<INDArray[]> of(PoolingOp op, INDArray images) {
        List<INDArray> inputs = new ArrayList<>(List.of(images));
        if (op instanceof MaxUnpool) {
            INDArray[] pooled = new NDPooling().outputs(new MaxPool(PoolingWindow.builder(2, 2).build()), images);
            return Optional.of(new INDArray[] {pooled[0], pooled[1]});
        } else if (op instanceof DeformableAveragePool || op instanceof DeformablePolicyPool) {
            long[][] shapes = ((WindowedOp) op).furtherShapes(images.shape());
            inputs.add(wave(SHIFT, shapes[0]));
            for (int i = 1; i < shapes.length; i++) {
                inputs.add(Nd4j.ones(DataType.FLOAT, shapes[i]));
            }
        } else if (op instanceof DppFullPool) {
            inputs.add(Nd4j.zeros(DataType.FLOAT, 1));
            inputs.add(Nd4j.zeros(DataType.FLOAT, 1));
            inputs.add(Nd4j.createFromArray(SMOOTHING).divi(SMOOTHING_SUM).reshape(1, 3, 3));
            inputs.add(Nd4j.zeros(DataType.FLOAT, 1));
        } else if (op instanceof InverseBilateralPool) {
            InverseBilateralPool pool = (InverseBilateralPool) op;
            for (WindowInput input : pool.furtherInputs()) {
                inputs.add(input.isWeight()
                        ? Nd4j.zeros(DataType.FLOAT, input.shape(pool, images.shape()))
                        : new NDPooling().pool(new AveragePool(pool.window()), images));
            }
        } else {
            return Optional.empty();
        }
        return Optional.of(inputs.toArray(new INDArray[0]));
    }

    /** All inputs of an op on regions. */
    static INDArray[] ofRegions(RegionOp op, int cells, INDArray maps, INDArray boxes) {
        List<INDArray> inputs = new ArrayList<>();
        INDArray level = maps;
        for (String name : op.inputNames().subList(0, op.inputNames().size() - 1)) {
            if (name.startsWith("input")) {
                inputs.add(level);
                level = new NDPooling().pool(new AveragePool(PoolingWindow.builder(2, 2).build()), level);
            } else if (name.equals("offset")) {
                inputs.add(wave(PART_SHIFT, boxes.size(0), 2, cells, cells));
            } else {
                inputs.add(Nd4j.ones(DataType.FLOAT, boxes.size(0), 1, cells, cells));
            }
        }
        inputs.add(boxes);
        return inputs.toArray(new INDArray[0]);
    }

    /** Rows shift to and fro. */
    private static INDArray wave(double height, long... shape) {
        INDArray result = Nd4j.create(DataType.FLOAT, shape);
        for (long row = 0; row < shape[2]; row++) {
            double shift = height * Math.sin(row / WAVE);
            for (long channel = 0; channel < shape[1]; channel++) {
                // Channels come in pairs: down, right.
                for (long n = 0; n < shape[0]; n++) {
                    for (long column = 0; column < shape[3]; column++) {
                        result.putScalar(new long[] {n, channel, row, column}, channel % 2 == 0 ? 0 : shift);
                    }
                }
            }
        }
        return result;
    }
}
