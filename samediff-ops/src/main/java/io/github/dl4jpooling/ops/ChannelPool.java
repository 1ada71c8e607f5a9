// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Channel pooling of images: two maps, the largest element and the mean over the channels of every place, in this
 * order.
 *
 * <p>The input of spatial attention (see {@link SpatialGate}). The paper writes the mean first; its code, and so every
 * trained model, has the maximum first.
 *
 * <p>Input {@code [N,C,H,W]} or {@code [N,H,W,C]}, output the same with two channels; types float, double, half,
 * bfloat16. The first channel with the largest element gets the maximum's whole gradient. A place with a NaN gives
 * NaN. Error: no channels.
 *
 * <p>Paper: S. Woo, J. Park, J.-Y. Lee, I. S. Kweon: "CBAM: Convolutional Block Attention Module", ECCV 2018.
 */
public final class ChannelPool extends MapOp {

    private static final int PARAMETER_WORDS = 2 + MapAxes.KERNEL_AXES + 3 * WindowGeometry.STRIDE_WORDS;

    /** For SameDiff, which fills in the arguments. */
    public ChannelPool() {}

    /** @param channelsLast whether the channels are the last axis */
    public ChannelPool(boolean channelsLast) {
        super(channelsLast);
        checkOptions();
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.CHANNEL_POOL;
    }

    @Override
    protected int dimensions() {
        return 2;
    }

    @Override
    public List<String> inputNames() {
        return Collections.singletonList("input");
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
        MapAxes axes = axes();
        if (inputShape[axes.channelAxis()] < 1) {
            throw error("the input must have at least 1 channel, got " + axes.names() + " = "
                    + Arrays.toString(inputShape));
        }
        long[] shape = inputShape.clone();
        shape[axes.channelAxis()] = 2;
        return shape;
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        return new long[][] {outputShape(inputs.get(0).shape())};
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        launch("channel_pool_forward", inputs.get(0), outputs.get(0));
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        launch("channel_pool_backward", inputs.get(0), outputGradient, inputGradients.get(0));
    }

    /** Writes the native struct ChannelPoolParameters; the last array is the output. */
    private void launch(String kernel, INDArray... arrays) {
        MapAxes axes = axes();
        INDArray x = arrays[0];
        long[] parameters = new long[PARAMETER_WORDS];
        parameters[0] = x.size(0);
        parameters[1] = x.size(axes.channelAxis());
        int next = axes.writeSpatial(parameters, 2, 1, axes.spatial(x.shape()));
        for (INDArray array : arrays) {
            next = axes.writeStrides(parameters, next, array.stride());
        }
        Kernels.launch(kernel, parameters, 1, arrays);
    }
}
