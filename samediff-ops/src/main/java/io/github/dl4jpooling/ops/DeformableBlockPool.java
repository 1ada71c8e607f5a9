// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Deformable average pooling of images that predicts its offsets: a convolution over the input with the window of the
 * pooling gives each window its offsets and, if modulated, its factors; then comes {@link DeformableAveragePool}.
 *
 * <pre>
 * (o, z) = conv(x, weights) + bias       2*G*K channels o, then G*K channels z if modulated
 * y = deformable average of x with offsets o and factors m = 2 sigmoid(z), which lie between 0 and 2
 * </pre>
 *
 * <p>With weights and bias 0 the offsets are 0 and the factors 1, which is average pooling, exactly, at the border
 * as {@link DeformableAveragePool} says: the divisor counts padding or not, as chosen. Padding is 0 for the
 * convolution, in every border mode.
 *
 * <p>Inputs: input {@code [N,C,H,W]} or {@code [N,H,W,C]}, weights {@code [O,C,kH,kW]} in both cases, bias {@code
 * [O]} with O = 2*G*K, or 3*G*K if modulated. All have exact gradients. Output {@code [N,C,oH,oW]} or {@code
 * [N,oH,oW,C]}; types float, double, half, bfloat16.
 *
 * <p>The convolution is ND4J's, whose order of summation may depend on the number of threads.
 *
 * <p>Papers: J. Dai et al.: "Deformable Convolutional Networks", ICCV 2017; X. Zhu et al.: "Deformable ConvNets v2",
 * CVPR 2019.
 */
public final class DeformableBlockPool extends PredictedPlacesOp {

    /** For SameDiff, which fills in the arguments. */
    public DeformableBlockPool() {}

    /**
     * One group of channels, not modulated, divided by the size of the window.
     *
     * @param window the window, of two dimensions
     */
    public DeformableBlockPool(PoolingWindow window) {
        this(window, 1, false, true);
    }

    /**
     * Chooses everything.
     *
     * @param window the window, of two dimensions
     * @param groups number of groups of channels that have their own offsets; must divide the number of channels
     * @param modulated whether the convolution predicts factors too
     * @param countIncludePadding whether to divide by the size of the window; else by the number of its undisplaced
     *     places inside the map
     */
    public DeformableBlockPool(PoolingWindow window, int groups, boolean modulated, boolean countIncludePadding) {
        super(window, options(groups, modulated, countIncludePadding));
        checkOptions();
    }

    /** @return the pooling, which gets the offsets as an input */
    public DeformableAveragePool pooling() {
        return new DeformableAveragePool(
                window(), (int) option(0, "groups", 1, 1 << 20), flag(1, "modulated"),
                flag(2, "countIncludePadding"));
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DEFORMABLE_BLOCK_POOL;
    }

    @Override
    WindowedOp inner() {
        return pooling();
    }

    @Override
    int groups() {
        return pooling().groups();
    }

    @Override
    Second second() {
        return pooling().isModulated() ? Second.FACTOR : Second.NONE;
    }
}
