// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Fractional maximum pooling (Graham, 2014, arXiv 1412.6071), overlapping windows: the map shrinks by a factor that
 * need not be whole, with windows at places that are drawn anew for every map. PyTorch's rule.
 *
 * <p>For deep networks that should shrink slowly, with pooling as a regulariser. Not the right choice where results
 * must be the same at every call, unless the seed or u is given: it draws at inference too.
 *
 * <p>Input {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output the same with the output size; types
 * float, double, half, bfloat16. Along an axis of n elements with windows of k and output size o, window i starts at
 *
 * <pre>{@code int((i + u) a) - int(u a)  with a = (n - k) / (o - 1) for i < o - 1, the last one at n - k }</pre>
 *
 * <p>u is drawn from [0, 1) for each map and axis. Optional input "u" {@code [N,C,axes]}, DOUBLE: given draws instead;
 * not differentiable. As in PyTorch, {@code u[n,c,0]} is that of the width for images, but that of the depth for
 * volumes, and the others follow in the order width, height and depth, height, width. Without the input, u comes from
 * Philox4x32-10 with the seed as its key; without a seed, ND4J's generator gives one at each call, so that
 * {@code Nd4j.getRandom().setSeed} makes runs repeatable.
 *
 * <p>Second output "index", INT64, of the output's shape: the position of the chosen element in the map of its channel.
 * Ties, NaN and infinities as {@link AdaptiveMaxPool}.
 *
 * <p>Errors: an output size larger than n - k + 1; u outside [0, 1).
 */
public final class FractionalMaxPool extends CellOp {

    private static final int FIXED_OPTIONS = 3; // u given, seed given, seed

    /** For SameDiff, which fills in the arguments. */
    public FractionalMaxPool() {}

    private FractionalMaxPool(Builder b) {
        super(b.channelsLast, join(options(b.drawsGiven, b.seed != null, b.seed == null ? 0 : b.seed), b));
        checkOptions();
    }

    private static long[] join(long[] fixed, Builder b) {
        long[] sizes = join(b.kernel, b.outputSize);
        long[] all = Arrays.copyOf(fixed, fixed.length + sizes.length);
        System.arraycopy(sizes, 0, all, fixed.length, sizes.length);
        return all;
    }

    /**
     * Starts a configuration.
     *
     * @param kernel window size along each of two or three spatial axes
     * @return a builder; the output size must be set
     */
    public static Builder builder(int... kernel) {
        return new Builder(kernel);
    }

    /** Builder of {@link FractionalMaxPool}. */
    public static final class Builder {
        private final int[] kernel;
        private int[] outputSize = {};
        private boolean channelsLast;
        private boolean drawsGiven;
        private Long seed;

        private Builder(int[] kernel) {
            this.kernel = Objects.requireNonNull(kernel, "kernel").clone();
        }

        /**
         * Sets the output size.
         *
         * @param outputSize output size along each spatial axis
         * @return this
         */
        public Builder outputSize(int... outputSize) {
            this.outputSize = Objects.requireNonNull(outputSize, "outputSize").clone();
            return this;
        }

        /**
         * Sets the order of axes.
         *
         * @param channelsLast whether the channels are the last axis; default false
         * @return this
         */
        public Builder channelsLast(boolean channelsLast) {
            this.channelsLast = channelsLast;
            return this;
        }

        /**
         * Sets whether there is an input u.
         *
         * @param drawsGiven whether the draws are an input; default false
         * @return this
         */
        public Builder drawsGiven(boolean drawsGiven) {
            this.drawsGiven = drawsGiven;
            return this;
        }

        /**
         * Sets a seed, so that every call draws the same.
         *
         * @param seed the seed; default: another one at each call
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Makes the op.
         *
         * @return the op
         * @throws IllegalArgumentException if sizes are missing or less than 1
         */
        public FractionalMaxPool build() {
            if (outputSize.length != kernel.length) {
                throw new IllegalArgumentException(PoolingOperator.FRACTIONAL_MAX_POOL.title()
                        + ": outputSize must have as many numbers as the kernel " + Arrays.toString(kernel) + ", got "
                        + Arrays.toString(outputSize));
            }
            return new FractionalMaxPool(this);
        }
    }

    /** @return window size along each spatial axis */
    public long[] kernel() {
        return sizes(FIXED_OPTIONS, dimensions(), "kernel");
    }

    /** @return output size along each spatial axis */
    public long[] outputSize() {
        return sizes(FIXED_OPTIONS + dimensions(), dimensions(), "outputSize");
    }

    private boolean drawsGiven() {
        return flag(0, "drawsGiven");
    }

    @Override
    public boolean drawsAnew() {
        return !drawsGiven() && !flag(1, "seedGiven");
    }

    private CounterBasedRandom random() {
        return flag(1, "seedGiven")
                ? new CounterBasedRandom(option(2, "seed", Long.MIN_VALUE, Long.MAX_VALUE))
                : CounterBasedRandom.fromNd4j();
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.FRACTIONAL_MAX_POOL;
    }

    @Override
    protected boolean isMaximum() {
        return true;
    }

    @Override
    protected int dimensions() {
        int sizes = optionCount() - FIXED_OPTIONS;
        if (sizes != 4 && sizes != 6) {
            throw error("kernel and outputSize must have 2 or 3 numbers each, got " + Math.max(0, sizes) + " in all");
        }
        return sizes / 2;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        kernel();
        outputSize();
        drawsGiven();
        flag(1, "seedGiven");
    }

    @Override
    public List<String> inputNames() {
        return drawsGiven() ? Arrays.asList("input", "u") : Collections.singletonList("input");
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        // In 16 bits, numbers just below 1 become 1.
        return name.equals("u") ? DataType.DOUBLE : super.typeOf(name, type);
    }

    /**
     * Shape of the output.
     *
     * @param inputShape shape of the input
     * @return the shape
     * @throws IllegalArgumentException if rank or sizes do not fit
     */
    public long[] outputShape(long... inputShape) {
        long[] n = spatialSizes(inputShape);
        long[] k = kernel();
        long[] o = outputSize();
        for (int a = 0; a < n.length; a++) {
            if (o[a] > n[a] - k[a] + 1) {
                throw error("outputSize must be input size - kernel + 1 at most, got " + Arrays.toString(o)
                        + " for an input of " + Arrays.toString(n) + " with a kernel of " + Arrays.toString(k));
            }
        }
        return axes().withSpatial(inputShape, o);
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        INDArray input = inputs.get(0);
        long[] shape = outputShape(input.shape());
        if (drawsGiven()) {
            checkShape("u", inputs.get(1), input.size(0), input.size(axes().channelAxis()), dimensions());
        }
        return outputShapes(shape);
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray input = inputs.get(0);
        long[] n = axes().spatial(input.shape());
        long[] k = kernel();
        long[] o = outputSize();
        int planes = Math.toIntExact(input.size(0) * input.size(axes().channelAxis()));
        double[] u = drawsGiven() ? given(inputs.get(1)) : drawn(planes * n.length);
        Level level = new Level(-1, o);
        for (int plane = 0; plane < planes; plane++) {
            AxisRanges[] ranges = new AxisRanges[n.length];
            for (int a = 0; a < n.length; a++) {
                int place = n.length == 2 ? 1 - a : a;
                ranges[a] = AxisRanges.fractional(n[a], k[a], o[a], u[plane * n.length + place]);
            }
            level.add(ranges);
        }
        poolCells(input, Collections.singletonList(level), outputs);
    }

    private double[] given(INDArray array) {
        double[] u = array.isEmpty() ? new double[0] : array.dup('c').data().asDouble();
        for (double number : u) {
            if (!(number >= 0 && number < 1)) {
                throw error("u must be from 0 to less than 1, got " + number);
            }
        }
        return u;
    }

    private double[] drawn(int count) {
        CounterBasedRandom random = random();
        double[] u = new double[count];
        Arrays.setAll(u, random::uniform);
        return u;
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        List<Level> level = Collections.singletonList(new Level(-1, outputSize()));
        poolCellsBackward(level, saved, outputGradient, inputGradients.get(0));
    }
}
