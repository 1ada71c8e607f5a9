// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Deformable convolution of images that predicts its offsets: a convolution over the input with the window of the
 * deformable one gives each window its offsets and, if modulated, its factors; then comes {@link
 * DeformableConvolution}.
 *
 * <pre>
 * (o, z) = conv(x, offsetWeights) + offsetBias       2*G*K channels o, then G*K channels z if modulated
 * y = deformable convolution of x with offsets o and factors m = 2 sigmoid(z), which lie between 0 and 2
 * </pre>
 *
 * <p>With offsetWeights and offsetBias 0 the offsets are 0 and the factors 1, which is a convolution with the same
 * weights. Padding is 0 for both, in every border mode.
 *
 * <p>Inputs: input {@code [N,C,H,W]} or {@code [N,H,W,C]}; offsetWeights {@code [P,C,kH,kW]} and offsetBias {@code [P]}
 * with P = 2*G*K, or 3*G*K if modulated, K = kH*kW, for G offset groups; weights {@code [O,C/g,kH,kW]} and, if there is
 * one, bias {@code [O]}. Weights are the same in both orders of axes. All have exact gradients. Output
 * {@code [N,O,oH,oW]} or {@code [N,oH,oW,O]}; types float, double, half, bfloat16.
 *
 * <p>The prediction is ND4J's convolution, whose order of summation may depend on the number of threads.
 *
 * <p>Papers: J. Dai et al.: "Deformable Convolutional Networks", ICCV 2017; X. Zhu et al.: "Deformable ConvNets v2",
 * CVPR 2019.
 */
public final class DeformableBlockConvolution extends PredictedPlacesOp {

    /** For SameDiff, which fills in the arguments. */
    public DeformableBlockConvolution() {}

    /**
     * As many outputs as channels, one group, one offset group, no factors, no bias.
     *
     * @param window the window, of two dimensions
     */
    public DeformableBlockConvolution(PoolingWindow window) {
        this(window, 0, 1, 1, false, false);
    }

    /**
     * Chooses everything.
     *
     * @param window the window, of two dimensions
     * @param outputs number of output channels; 0 for as many as the input has
     * @param groups number of groups of channels and outputs that belong together; must divide both numbers
     * @param offsetGroups number of groups of channels that have their own offsets; must divide the number of channels
     * @param modulated whether the prediction has factors too
     * @param bias whether the deformable convolution has a bias
     */
    public DeformableBlockConvolution(
            PoolingWindow window, long outputs, int groups, int offsetGroups, boolean modulated, boolean bias) {
        super(window, options(outputs, groups, offsetGroups, modulated, bias));
        checkOptions();
    }

    /** @return the convolution, which gets the offsets as an input */
    public DeformableConvolution convolution() {
        return new DeformableConvolution(
                window(), option(0, "outputs", 0, Integer.MAX_VALUE), (int) option(1, "groups", 1, 1 << 20), groups(),
                flag(3, "modulated"), flag(4, "bias"));
    }

    @Override
    DeformableConvolution inner() {
        return convolution();
    }

    @Override
    int groups() {
        return (int) option(2, "offsetGroups", 1, 1 << 20);
    }

    @Override
    Second second() {
        return convolution().isModulated() ? Second.FACTOR : Second.NONE;
    }

    @Override
    List<String> predictionNames() {
        return Arrays.asList("offsetWeights", "offsetBias");
    }

    @Override
    Map<String, long[]> innerParameterShapes(WindowGeometry geometry) {
        DeformableConvolution convolution = convolution();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("weights", convolution.weightShape(geometry));
        if (convolution.hasBias()) {
            shapes.put("bias", new long[] {convolution.outputChannels(geometry)});
        }
        return shapes;
    }

    @Override
    long[][] resultShapes(WindowGeometry geometry) {
        return new long[][] {geometry.outputShape(convolution().outputChannels(geometry))};
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DEFORMABLE_BLOCK_CONVOLUTION;
    }
}
