// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * K-max pooling of sequences (Kalchbrenner, Grefenstette, Blunsom, ACL 2014): the k largest elements of each channel,
 * in the order in which they stand in the sequence, and their positions.
 *
 * <p>For text: sequences of any length become sequences of length k, and unlike with global maximum pooling several
 * strong features survive with their order. Not the right choice where steps of different channels have to stay
 * together: each channel chooses its own.
 *
 * <p>Input {@code [N,C,W]} (or {@code [N,W,C]}), types float, double, half, bfloat16. With a mask there is a second
 * input "mask" {@code [N,W]} of the same type; elements where it is 0 do not take part. Output {@code [N,C,k]} (or
 * {@code [N,k,C]}); a second output "index", INT64, of the same shape holds the positions, in rising order. A sequence
 * with fewer than k elements gives these, then zeros with index -1.
 *
 * <p>Each element that is taken gets its gradient, the others none. Of equal elements the first are taken; a NaN counts
 * as larger than every number. The work does not grow with k.
 *
 * <p>Paper: N. Kalchbrenner, E. Grefenstette, P. Blunsom: "A convolutional neural network for modelling sentences", ACL
 * 2014.
 */
public final class KMaxPool extends TopElementsOp {

    /** Name of the input that says which elements take part. */
    public static final String MASK = "mask";

    /** For SameDiff, which fills in the arguments. */
    public KMaxPool() {}

    /**
     * Channels first, without a mask.
     *
     * @param k how many elements are taken, 1 at least
     */
    public KMaxPool(int k) {
        this(false, k, false);
    }

    /**
     * Chooses everything.
     *
     * @param channelsLast whether the channels are the last axis
     * @param k how many elements are taken, 1 at least
     * @param masked whether there is a mask
     */
    public KMaxPool(boolean channelsLast, int k, boolean masked) {
        super(channelsLast, options(k, masked));
    }

    /** @return whether there is a mask */
    public boolean isMasked() {
        return flag(1, "masked");
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.K_MAX_POOL;
    }

    @Override
    protected int dimensions() {
        return 1;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        isMasked();
    }

    @Override
    public List<String> inputNames() {
        return isMasked() ? List.of("input", MASK) : List.of("input");
    }

    @Override
    public List<String> outputNames() {
        return List.of("output", INDEX);
    }

    /**
     * Shape of the output.
     *
     * @param inputShape shape of the input
     * @return the shape
     * @throws IllegalArgumentException if rank or sizes do not fit
     */
    public long[] outputShape(long... inputShape) {
        spatialSizes(inputShape);
        return axes().withSpatial(inputShape, k());
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        INDArray input = inputs.get(0);
        long[] shape = outputShape(input.shape());
        if (isMasked()) {
            checkShape(MASK, inputs.get(1), input.size(0), input.size(axes().spatialAxis(0)));
        }
        return new long[][] {shape, shape};
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray mask = isMasked() ? inputs.get(1) : null;
        launch("_forward", inputs.get(0), 2, inputs.get(0), mask, outputs.get(0), outputs.get(1));
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        launch("_backward", inputs.get(0), 1, outputGradient, saved.get(0), inputGradients.get(0));
    }
}
