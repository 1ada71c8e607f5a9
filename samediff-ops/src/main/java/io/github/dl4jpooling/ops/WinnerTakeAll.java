// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Winner-take-all (Makhzani, Frey, NIPS 2015): the k largest elements of each map of one example and channel stay, all
 * others become 0. The size stays as it is.
 *
 * <p>Made for convolutional autoencoders, where it forces sparse codes, with k = 1 in the paper. Not the right choice
 * where the map should become smaller (see {@link KMaxPool}, {@link MaxPool}), nor behind a rectifier that leaves fewer
 * than k positive elements: it then changes nothing.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), types float, double, half,
 * bfloat16; output of the same shape. The gradient goes through the elements that stay. Of equal elements the first,
 * row by row, stay; a NaN counts as larger than every number, and stays. With k at least the number of elements all
 * stay. The work does not grow with k.
 *
 * <p>Paper: A. Makhzani, B. Frey: "Winner-take-all autoencoders", NIPS 2015.
 */
public final class WinnerTakeAll extends TopElementsOp {

    /** For SameDiff, which fills in the arguments. */
    public WinnerTakeAll() {}

    /**
     * For images, channels first.
     *
     * @param k how many elements of a map stay, 1 at least
     */
    public WinnerTakeAll(int k) {
        this(2, false, k);
    }

    /**
     * Chooses everything.
     *
     * @param dimensions spatial axes: 1, 2 or 3
     * @param channelsLast whether the channels are the last axis
     * @param k how many elements of a map stay, 1 at least
     */
    public WinnerTakeAll(int dimensions, boolean channelsLast, int k) {
        super(channelsLast, options(k, dimensions));
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.WINNER_TAKE_ALL;
    }

    @Override
    protected int dimensions() {
        return (int) option(1, "dimensions", 1, MapAxes.KERNEL_AXES);
    }

    @Override
    public List<String> inputNames() {
        return List.of("input");
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        spatialSizes(inputs.get(0).shape());
        return new long[][] {inputs.get(0).shape()};
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        launch("_forward", inputs.get(0), 1, inputs.get(0), outputs.get(0));
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        launch("_backward", inputs.get(0), 1, inputs.get(0), outputGradient, inputGradients.get(0));
    }
}
