// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Normalisation of every channel of a small array {@code [N,C,H,W]}, with a gain and a shift, by the mean and biased
 * variance of the batch or by given ones.
 */
final class BatchNorm {

    private static final int[] ALL_BUT_CHANNELS = {0, 2, 3};

    private final boolean ofBatch;
    private final INDArray gain; // [1,C,1,1], as all of these
    private final INDArray shift;
    private final INDArray mean;
    private final INDArray variance;
    private final INDArray deviation;
    private INDArray normalised;

    /** parameters: gain, shift, and mean and variance, which are not used where those of the batch are. */
    BatchNorm(INDArray z, List<INDArray> parameters, boolean ofBatch, Temporaries temporaries) {
        this.ofBatch = ofBatch;
        gain = column(parameters.get(0));
        shift = column(parameters.get(1));
        if (ofBatch) {
            mean = temporaries.add(z.mean(true, ALL_BUT_CHANNELS));
            INDArray centred = temporaries.like(z);
            NetworkOp.add(z, temporaries.add(mean.neg()), centred);
            variance = temporaries.add(centred.muli(centred).mean(true, ALL_BUT_CHANNELS));
        } else {
            mean = column(parameters.get(2));
            variance = column(parameters.get(3));
        }
        deviation = temporaries.add(Transforms.sqrt(temporaries.add(variance.add(NetworkOp.EPSILON)), false));
    }

    private static INDArray column(INDArray vector) {
        return vector.reshape(1, vector.length(), 1, 1);
    }

    /** Writes mean and variance, one row each. */
    void writeStatistics(INDArray rows, long first) {
        rows.slice(first).assign(mean.reshape(mean.length()));
        rows.slice(first + 1).assign(variance.reshape(variance.length()));
    }

    /** Returns a new array. */
    INDArray forward(INDArray z, Temporaries temporaries) {
        normalised = temporaries.like(z);
        NetworkOp.add(z, temporaries.add(mean.neg()), normalised);
        NetworkOp.multiply(normalised, temporaries.add(deviation.rdiv(1)), normalised);
        INDArray y = temporaries.like(z);
        NetworkOp.multiply(normalised, gain, y);
        NetworkOp.add(y, shift, y);
        return y;
    }

    /** Returns the gradient of z, in place of that of y, and writes those of gain and shift. */
    INDArray backward(INDArray yGradient, INDArray gainGradient, INDArray shiftGradient, Temporaries temporaries) {
        INDArray products = temporaries.add(yGradient.mul(normalised));
        INDArray ofGain = temporaries.add(products.sum(true, ALL_BUT_CHANNELS));
        INDArray ofShift = temporaries.add(yGradient.sum(true, ALL_BUT_CHANNELS));
        gainGradient.assign(ofGain.reshape(gainGradient.shape()));
        shiftGradient.assign(ofShift.reshape(shiftGradient.shape()));
        if (ofBatch) {
            double count = (double) yGradient.length() / yGradient.size(1);
            NetworkOp.multiply(normalised, ofGain.divi(-count), products);
            yGradient.addi(products);
            NetworkOp.add(yGradient, ofShift.divi(-count), yGradient);
        }
        NetworkOp.multiply(yGradient, temporaries.add(gain.div(deviation)), yGradient);
        return yGradient;
    }
}
