// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Blur pooling, pooling without aliases: the map is pooled with stride 1, then a fixed binomial filter is applied at
 * every s-th element.
 *
 * <pre>
 * z = front(x)                                maximum, mean or soft mean of each window, at stride 1; or x itself
 * y[o] = sum_j b_j z[o s - p + j]             along each axis, b_j = C(f-1, j) / 2^(f-1), j from 0 to f-1
 * </pre>
 *
 * <p>f is the size of the filter, from 1 to 7; with 1 every s-th element of z is taken, which for {@link Front#MAX} is
 * maximum pooling. The filter takes p = floor((f-1)/2) elements before the first one of z and ceil((f-1)/2) behind the
 * last one, plus the further padding, and fills these as {@link Padding} says.
 *
 * <p>Pooling with a stride turns what is finer than the stride into something else when the map moves by an element;
 * the filter takes that away first. Use it where results must not depend on such shifts. It blurs, costs the front
 * pooling at stride 1, and with an even f moves the map by half an element.
 *
 * <p>Kernel, padding, dilation and border mode of the window are those of the front pooling, as in any pooling: its
 * padding is not part of a window. The stride is that of the filter. Without a pooling in front the kernel must be 1.
 * The number of outputs is that of the window, as if it pooled at once; in {@link BorderMode#CEIL} the last one may
 * reach further into the filter's padding.
 *
 * <p>With a mask (see {@link PoolingWindow}) the front pooling leaves out the steps that are not elements; a window of
 * it without elements is 0 to the filter. An output can so be other than 0 where the window's own place is masked; the
 * layer sets it to 0.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank; types
 * float, double, half, bfloat16. The gradient is exact. A NaN reaches all outputs whose windows hold it.
 *
 * <p>Paper: R. Zhang: "Making Convolutional Networks Shift-Invariant Again", ICML 2019.
 */
public final class BlurPool extends CompositeOp {

    private static final int LARGEST_FILTER = 7;
    private static final int MOST_PADDING = 1 << 20;

    /** For SameDiff, which fills in the arguments. */
    public BlurPool() {}

    /** What comes before the filter. */
    public enum Front {
        /** Nothing: the map itself is filtered. */
        NONE,
        /** {@link MaxPool}. */
        MAX,
        /** {@link AveragePool}, of the elements inside the map. */
        AVERAGE,
        /** {@link SoftPool}. */
        SOFT
    }

    /** What the filter finds outside its map. */
    public enum Padding {
        /** The map mirrored at its first and last elements, which are not repeated: c b | a b c | b a. */
        REFLECT,
        /** The first or last element: a a | a b c | c c. */
        REPLICATE,
        /** Zeros. */
        ZERO
    }

    /**
     * Maximum pooling in front, a filter of 3, reflection.
     *
     * @param window the window
     */
    public BlurPool(PoolingWindow window) {
        this(window, Front.MAX, 3, Padding.REFLECT);
    }

    /**
     * Without further padding.
     *
     * @param window the window of the pooling in front, with the stride of the filter
     * @param front what comes before the filter
     * @param filterSize elements of the filter along each axis, from 1 to 7
     * @param padding what the filter finds outside
     */
    public BlurPool(PoolingWindow window, Front front, int filterSize, Padding padding) {
        this(window, front, filterSize, padding, 0);
    }

    /**
     * Chooses everything.
     *
     * @param window the window of the pooling in front, with the stride of the filter
     * @param front what comes before the filter
     * @param filterSize elements of the filter along each axis, from 1 to 7
     * @param padding what the filter finds outside
     * @param furtherPadding elements of padding for the filter, at both ends of each axis, besides those that it needs
     */
    public BlurPool(PoolingWindow window, Front front, int filterSize, Padding padding, int furtherPadding) {
        super(window, options(Objects.requireNonNull(front, "front"), filterSize,
                Objects.requireNonNull(padding, "padding"), furtherPadding));
        checkOptions();
    }

    /** @return what comes before the filter */
    public Front front() {
        return option(0, Front.class);
    }

    /** @return elements of the filter along each axis */
    public int filterSize() {
        return (int) option(1, "filterSize", 1, LARGEST_FILTER);
    }

    /** @return what the filter finds outside */
    public Padding padding() {
        return option(2, Padding.class);
    }

    /** @return elements of padding at both ends of each axis besides those that the filter needs */
    public int furtherPadding() {
        return (int) option(3, "furtherPadding", 0, MOST_PADDING);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.BLUR_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        filterSize();
        padding();
        furtherPadding();
        if (front() == Front.NONE && Arrays.stream(window().kernel()).anyMatch(size -> size != 1)) {
            throw error("without a pooling in front (front NONE) the kernel must be 1 along each axis, got "
                    + Arrays.toString(window().kernel()));
        }
    }

    @Override
    public List<String> inputNames() {
        return inputNamesWithMask("input");
    }

    @Override
    public int differentiableInputs() {
        return 1;
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        return Collections.emptyMap();
    }

    @Override
    public boolean hasParametersByChannel() {
        return false;
    }

    @Override
    public boolean isWeight(String name) {
        return false;
    }

    /** Without a pooling in front there is nothing in between that could be rounded. */
    @Override
    boolean isWidened() {
        return front() != Front.NONE;
    }

    private MapAxes axes() {
        return new MapAxes(window().dimensions(), channelsLast());
    }

    /** The pooling in front; null for none. With a mask there is always one: it makes masked elements zeros. */
    private PoolingOp frontOp() {
        PoolingWindow window = window();
        int[] stride = new int[window.dimensions()];
        Arrays.fill(stride, 1);
        PoolingWindow dense = PoolingWindow.builder(window.kernel())
                .stride(stride)
                .padding(window.padding())
                .dilation(window.dilation())
                .borderMode(window.borderMode() == BorderMode.SAME ? BorderMode.SAME : BorderMode.TRUNCATE)
                .channelsLast(channelsLast())
                .masked(window.masked())
                .build();
        switch (front()) {
            case MAX:
                return new MaxPool(dense);
            case AVERAGE:
                return new AveragePool(dense);
            case SOFT:
                return new SoftPool(dense);
            default:
                return window.masked() ? new AveragePool(dense) : null;
        }
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        PoolingOp front = frontOp();
        if (front != null) {
            front.outputShapes(inputs);
        }
        long[] shape = inputs.get(0).shape();
        WindowGeometry geometry = geometry(shape);
        if (furtherPadding() > 0) {
            long[] sizes = axes().spatial(shape);
            Arrays.setAll(sizes, a -> sizes[a] + 2L * furtherPadding());
            geometry = geometry(axes().withSpatial(shape, sizes));
        }
        return new long[][] {geometry.outputShape()};
    }

    @Override
    void forward(List<INDArray> inputs, INDArray y, Temporaries temporaries) {
        PoolingOp front = frontOp();
        INDArray map =
                front == null ? inputs.get(0) : new AppliedPooling(front, inputs, temporaries).result();
        filter("forward", map, y);
    }

    @Override
    void backward(List<INDArray> inputs, INDArray yGradient, List<INDArray> gradients, Temporaries temporaries) {
        PoolingOp front = frontOp();
        if (front == null) {
            filter("backward", gradients.get(0), yGradient);
            return;
        }
        AppliedPooling pooled = new AppliedPooling(front, inputs, temporaries);
        INDArray mapGradient = pooled.result(); // the map itself is not needed
        filter("backward", mapGradient, yGradient);
        pooled.backward(mapGradient, gradients.get(0));
    }

    /** Filters a map, or does the transposed with the gradients of both. */
    private void filter(String pass, INDArray map, INDArray y) {
        MapAxes axes = axes();
        long[] inputSizes = axes.spatial(map.shape());
        long[] outputSizes = axes.spatial(y.shape());
        int[] strides = window().stride();
        long padding = (filterSize() - 1) / 2 + furtherPadding();
        long[] parameters = new long[WindowGeometry.WORDS + 1 + 2 * WindowGeometry.STRIDE_WORDS];
        parameters[0] = map.size(0);
        parameters[1] = map.size(axes.channelAxis());
        int next = 2;
        for (int a = axes.dimensions() - MapAxes.KERNEL_AXES; a < axes.dimensions(); a++) {
            long[] axis = {1, 1, 1, 1, 0, 1, 0};
            if (a >= 0) {
                long behind = (outputSizes[a] - 1) * strides[a] - padding + filterSize() - inputSizes[a];
                axis = new long[] {
                    inputSizes[a], outputSizes[a], filterSize(), strides[a], padding, 1, Math.max(0, behind)
                };
            }
            System.arraycopy(axis, 0, parameters, next, axis.length);
            next += axis.length;
        }
        parameters[next++] = padding().ordinal();
        next = axes.writeStrides(parameters, next, map.stride());
        axes.writeStrides(parameters, next, y.stride());
        INDArray[] arrays = pass.equals("forward") ? new INDArray[] {map, y} : new INDArray[] {y, map};
        Kernels.launch(operator().stem() + "_" + pass, parameters, 1, arrays);
    }
}
