// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradient of {@link SoftPool}. */
public final class SoftPoolBp extends WindowOpBp {

    /** For SameDiff, which fills in the arguments. */
    public SoftPoolBp() {}

    /**
     * A gradient op of a graph.
     *
     * @param sameDiff the graph
     * @param x input of the forward op
     * @param yGradient gradient of the loss for its output
     * @param window the window of the forward op
     */
    public SoftPoolBp(SameDiff sameDiff, SDVariable x, SDVariable yGradient, PoolingWindow window) {
        super(sameDiff, window, x, yGradient);
    }

    /**
     * A gradient op to execute at once.
     *
     * @param x input of the forward op. Not modified.
     * @param yGradient gradient of the loss for its output. Not modified.
     * @param xGradient array for the result, or null to have it allocated. Modified.
     * @param window the window of the forward op
     */
    public SoftPoolBp(INDArray x, INDArray yGradient, INDArray xGradient, PoolingWindow window) {
        super(window, x, yGradient, xGradient);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.SOFT_POOL;
    }
}
