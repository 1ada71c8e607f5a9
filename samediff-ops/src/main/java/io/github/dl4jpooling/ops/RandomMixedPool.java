// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Random mixed pooling: maximum or average pooling, drawn at random in training, {@code y = c max_i x_i + (1 - c)
 * mean_i x_i} with c = 1 or 0.
 *
 * <p>Regularises like drop-out. The draw may be for the whole layer, for each channel or for each window; it is an
 * input, so that forward and backward pass agree. The layer draws it in training, counts, and in inference takes for
 * each channel the pooling that was drawn more often ({@link #inferenceChoice}).
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank with
 * the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a window.
 * A second input choice, whose shape {@link Sharing} gives; it has no gradient. A window that holds a NaN gives NaN.
 *
 * <p>Paper: D. Yu, H. Wang, P. Chen, Z. Wei: "Mixed pooling for convolutional neural networks", RSKT 2014.
 */
public final class RandomMixedPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public RandomMixedPool() {}

    /**
     * One draw for the layer.
     *
     * @param window the window
     */
    public RandomMixedPool(PoolingWindow window) {
        this(window, Sharing.LAYER);
    }

    /**
     * Chooses who shares a draw.
     *
     * @param window the window
     * @param sharing which windows share a draw
     */
    public RandomMixedPool(PoolingWindow window, Sharing sharing) {
        super(window, options(Objects.requireNonNull(sharing, "sharing")));
    }

    /** @return which windows share a draw */
    public Sharing sharing() {
        return option(0, Sharing.class);
    }

    /**
     * The choice of inference: maximum where it was drawn at least as often as the average.
     *
     * @param maximumCounts how often the maximum was drawn. Not modified.
     * @param averageCounts how often the average was drawn, of the same shape. Not modified.
     * @return 1 for maximum, 0 for average, of that shape and type
     */
    public static INDArray inferenceChoice(INDArray maximumCounts, INDArray averageCounts) {
        return Objects.requireNonNull(maximumCounts, "maximumCounts")
                .lt(Objects.requireNonNull(averageCounts, "averageCounts")).castTo(maximumCounts.dataType()).rsub(1);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.RANDOM_MIXED_POOL;
    }

    @Override
    public List<WindowInput> furtherInputs() {
        return List.of(WindowInput.parameter("choice", sharing()).notDifferentiable());
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        sharing();
    }

    @Override
    protected String kernel(List<INDArray> inputs) {
        return PoolingOperator.MIXED_POOL.stem();
    }
}
