// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Deformable average pooling of images: the mean over a window whose places are displaced by given offsets, each with a
 * factor if there is a mask.
 *
 * <pre>
 * y = (1/D) sum_k m_k f(p_k + d_k)      k over the K = kH*kW places p_k of the window
 * </pre>
 *
 * <p>f is the map between its elements, bilinearly, and 0 outside; it fades to 0 within one element of the border. D
 * is K, whatever lies outside, or on demand the number of undisplaced places inside the map. With offsets 0 and
 * factors 1 this is average pooling: the first divisor gives that of {@link AveragePool} which counts padding, the
 * second the one which does not. {@link BorderMode#CEIL} is the exception: K counts places behind the padding, where
 * {@link AveragePool}'s divisor does not.
 *
 * <p>Offsets come from a network that looks at the map; {@link DeformableBlockPool} brings one along. It pays where
 * objects vary in shape and place; it costs four elements read for each place.
 *
 * <p>Inputs, channels first or last as the window says (all of them then):
 *
 * <ul>
 *   <li>input {@code [N,C,H,W]};
 * <li>offset {@code [N,2*G*K,oH,oW]}, in elements: channel {@code 2*(g*K+k)} is that along the height, the next one
 * that
 *       along the width, for place k (row by row) and the g-th of G groups of C/G neighbouring channels;
 *   <li>mask {@code [N,G*K,oH,oW]}, if there is one: the factors, any numbers.
 * </ul>
 *
 * <p>Output {@code [N,C,oH,oW]}; types float, double, half, bfloat16. Places are computed in double.
 *
 * <p>All inputs have exact gradients. Where a place falls on an element exactly, f has a kink; the derivative is that
 * towards larger coordinates. A NaN or infinity as offset puts the place outside: value 0, gradients 0. Elements with
 * weight 0 do not matter, not even a NaN. Results do not depend on the number of threads.
 *
 * <p>Papers: J. Dai et al.: "Deformable Convolutional Networks", ICCV 2017; X. Zhu et al.: "Deformable ConvNets v2",
 * CVPR 2019.
 */
public final class DeformableAveragePool extends WindowedOp {

    private static final int STRIDES = 7;
    private static final int MOST_GROUPS = 1 << 20;

    /** For SameDiff, which fills in the arguments. */
    public DeformableAveragePool() {}

    /**
     * One group of channels, no mask, divided by the size of the window.
     *
     * @param window the window, of two dimensions
     */
    public DeformableAveragePool(PoolingWindow window) {
        this(window, 1, false, true);
    }

    /**
     * Chooses everything.
     *
     * @param window the window, of two dimensions
     * @param groups number of groups of channels that have their own offsets; must divide the number of channels
     * @param modulated whether there is a mask
     * @param countIncludePadding whether to divide by the size of the window; else by the number of its undisplaced
     *     places inside the map
     */
    public DeformableAveragePool(
            PoolingWindow window, int groups, boolean modulated, boolean countIncludePadding) {
        super(window, options(groups, modulated, countIncludePadding));
        checkOptions();
    }

    /** @return number of groups of channels */
    public int groups() {
        return (int) option(0, "groups", 1, MOST_GROUPS);
    }

    /** @return whether there is a mask */
    public boolean isModulated() {
        return flag(1, "modulated");
    }

    /** @return whether the divisor is the size of the window */
    public boolean countsPadding() {
        return flag(2, "countIncludePadding");
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DEFORMABLE_AVERAGE_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        checkImages();
        groups();
        isModulated();
        countsPadding();
    }

    @Override
    public List<String> inputNames() {
        return isModulated() ? Arrays.asList("input", "offset", "mask") : Arrays.asList("input", "offset");
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        throw error("offsets depend on the example and cannot be parameters");
    }

    @Override
    public boolean isWeight(String name) {
        return false;
    }

    @Override
    public long[][] furtherShapes(long... inputShape) {
        WindowGeometry geometry = geometry(inputShape);
        long[] offset = geometry.outputShape(offsetChannels());
        return isModulated()
                ? new long[][] {offset, geometry.outputShape(maskChannels())}
                : new long[][] {offset};
    }

    /** @return number of offset channels */
    long offsetChannels() {
        return 2 * maskChannels();
    }

    /** @return number of mask channels */
    long maskChannels() {
        int[] kernel = window().kernel();
        return (long) groups() * kernel[0] * kernel[1];
    }

    void checkGroups(WindowGeometry geometry) {
        if (geometry.channels() % groups() != 0) {
            throw error("the number of groups must divide that of channels, got " + groups() + " groups and "
                    + geometry.channels() + " channels");
        }
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        WindowGeometry geometry = geometry(inputs.get(0).shape());
        checkGroups(geometry);
        long[][] further = furtherShapes(inputs.get(0).shape());
        for (int i = 0; i < further.length; i++) {
            checkShape(inputNames().get(i + 1), inputs.get(i + 1), further[i]);
        }
        return new long[][] {geometry.outputShape()};
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        launch("forward", 1, inputs, outputs.get(0), null);
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        launch("backward", 3, inputs, outputGradient, inputGradients);
    }

    private void launch(
            String pass, int outputs, List<INDArray> inputs, INDArray y, List<INDArray> gradients) {
        INDArray[] arrays = new INDArray[gradients == null ? 4 : STRIDES];
        copy(inputs, arrays, 0);
        arrays[3] = y;
        if (gradients != null) {
            copy(gradients, arrays, 4);
        }
        WindowGeometry geometry = geometry(inputs.get(0).shape());
        long[] parameters = new long[WindowGeometry.WORDS + 2 + STRIDES * WindowGeometry.STRIDE_WORDS];
        int next = geometry.writeTo(parameters, 0);
        parameters[next++] = groups();
        parameters[next++] = countsPadding() ? 1 : 0;
        for (INDArray array : arrays) {
            if (array != null) {
                geometry.writeStridesTo(parameters, next, array.stride());
            }
            next += WindowGeometry.STRIDE_WORDS;
        }
        Kernels.launch(operator().stem() + "_" + pass, parameters, outputs, arrays);
    }

    private static void copy(List<INDArray> list, INDArray[] arrays, int first) {
        for (int i = 0; i < list.size(); i++) {
            arrays[first + i] = list.get(i);
        }
    }
}
