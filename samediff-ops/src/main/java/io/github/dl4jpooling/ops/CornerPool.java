// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Corner pooling of images: every place gets the largest element between itself and one border, along its row or its
 * column.
 *
 * <pre>
 * TOP     y[i, j] = max of x[k, j] for k &gt;= i      from the bottom up
 * BOTTOM  y[i, j] = max of x[k, j] for k &lt;= i      from the top down
 * LEFT    y[i, j] = max of x[i, k] for k &gt;= j      from the right to the left
 * RIGHT   y[i, j] = max of x[i, k] for k &lt;= j      from the left to the right
 * </pre>
 *
 * <p>For detectors that look for corners of boxes, where often nothing of the object is. With one feature map that
 * shows leftmost points of objects and one that shows topmost points, the sum of TOP of the first and LEFT of the
 * second is largest at the upper left corner, which has the one below it and the other to its right; BOTTOM and RIGHT
 * for the lower right corner. Does not shrink the map; not the right choice for that.
 *
 * <p>Input {@code [N,C,H,W]} or {@code [N,H,W,C]}, output of the same shape; types float, double, half, bfloat16. Of
 * equal elements the one met first, which is farther from the output's place, stays and gets the whole gradient, the
 * sum over all places that it is the largest for. From a NaN on all outputs are NaN.
 *
 * <p>Paper: H. Law, J. Deng: "CornerNet: Detecting Objects as Paired Keypoints", ECCV 2018.
 */
public final class CornerPool extends MapOp {

    private static final int ARRAY_WORDS = 5;
    private static final int HEAD_WORDS = 4;
    private static final int ARRAYS = 3;

    /** Which edge is looked for. */
    public enum Edge {
        /** Along columns, from the bottom up. */
        TOP,
        /** Along columns, from the top down. */
        BOTTOM,
        /** Along rows, from the right to the left. */
        LEFT,
        /** Along rows, from the left to the right. */
        RIGHT
    }

    /** For SameDiff, which fills in the arguments. */
    public CornerPool() {}

    /**
     * For channels first.
     *
     * @param edge which edge is looked for
     */
    public CornerPool(Edge edge) {
        this(false, edge);
    }

    /**
     * For either order of axes.
     *
     * @param channelsLast whether the channels are the last axis
     * @param edge which edge is looked for
     */
    public CornerPool(boolean channelsLast, Edge edge) {
        super(channelsLast, options(Objects.requireNonNull(edge, "edge")));
        checkOptions();
    }

    /** @return which edge is looked for */
    public Edge edge() {
        return option(0, Edge.class);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.CORNER_POOL;
    }

    @Override
    protected int dimensions() {
        return 2;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        edge();
    }

    @Override
    public List<String> inputNames() {
        return Collections.singletonList("input");
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        long[] shape = inputs.get(0).shape();
        spatialSizes(shape);
        return new long[][] {shape};
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        launch("corner_pool_forward", inputs.get(0), outputs.get(0));
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        launch("corner_pool_backward", inputs.get(0), outputGradient, inputGradients.get(0));
    }

    /** Writes the native struct CornerParameters; the last array is the output. */
    private void launch(String kernel, INDArray... arrays) {
        MapAxes axes = axes();
        boolean alongColumns = edge() == Edge.TOP || edge() == Edge.BOTTOM;
        boolean backwards = edge() == Edge.TOP || edge() == Edge.LEFT;
        int along = axes.spatialAxis(alongColumns ? 0 : 1);
        int across = axes.spatialAxis(alongColumns ? 1 : 0);
        INDArray x = arrays[0];
        long length = x.size(along);
        long[] parameters = new long[HEAD_WORDS + ARRAYS * ARRAY_WORDS];
        parameters[0] = x.size(0);
        parameters[1] = x.size(axes.channelAxis());
        parameters[2] = x.size(across);
        parameters[3] = length;
        int next = HEAD_WORDS;
        for (INDArray array : arrays) {
            long step = ArrayMemory.stride(array, along);
            parameters[next++] = ArrayMemory.stride(array, 0);
            parameters[next++] = ArrayMemory.stride(array, axes.channelAxis());
            parameters[next++] = ArrayMemory.stride(array, across);
            parameters[next++] = backwards ? -step : step;
            parameters[next++] = backwards ? (length - 1) * step : 0;
        }
        Kernels.launch(kernel, parameters, 1, arrays);
    }
}
