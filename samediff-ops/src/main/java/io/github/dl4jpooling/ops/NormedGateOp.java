// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A gate with batch normalisations. In training the statistics of the batch count, and are a second output,
 * "statistics": for each normalisation a row of means and one of biased variances. At inference given ones count, the
 * last inputs.
 */
public abstract class NormedGateOp extends NetworkOp {

    /** For SameDiff, which fills in the arguments. */
    NormedGateOp() {}

    /** The first option is the phase. */
    NormedGateOp(boolean channelsLast, long... options) {
        super(channelsLast, options);
    }

    /** @return whether the statistics of the batch count */
    public final boolean isTraining() {
        return option(0, TrainingPhase.class) == TrainingPhase.TRAINING;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        if (option(0, TrainingPhase.class) == TrainingPhase.INPUT) {
            throw error("the phase must be TRAINING or INFERENCE, got INPUT");
        }
    }

    @Override
    public final List<String> outputNames() {
        return isTraining() ? Arrays.asList("output", "statistics") : Collections.singletonList("output");
    }

    /** Shape of the second output. */
    abstract long[] statisticsShape(long... inputShape);

    /** Shape of the first output. */
    long[] outputShape(long... inputShape) {
        return inputShape;
    }

    @Override
    protected final long[][] shapes(List<INDArray> inputs) {
        checkParameters(inputs);
        long[] shape = inputs.get(0).shape();
        long[] output = outputShape(shape);
        return isTraining() ? new long[][] {output, statisticsShape(shape)} : new long[][] {output};
    }
}
