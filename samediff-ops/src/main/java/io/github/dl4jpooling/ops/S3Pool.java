// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * S3 pooling (stochastic spatial sampling pooling; Zhai et al., CVPR 2017): maximum pooling of k with stride 1, then a
 * random choice of rows and columns in training, and average pooling at inference.
 *
 * <p>A regulariser that distorts feature maps a little: pooling as strong data augmentation. Not the right choice where
 * single positions matter, and of no use without training. Larger grids distort more.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last); types float, double, half,
 * bfloat16. Both passes work on {@code z = max(x over k x k)}, of size n - k + 1:
 *
 * <ul>
 * <li>training: z is cut along each axis into cells of g, the last one shorter, and min(g / k, size of the cell) rows
 * of each cell are kept, drawn without replacement, the same for all examples and channels;
 * <li>inference: average pooling of z with k, stride k and padding floor(k / 2), padding excluded.
 * </ul>
 *
 * <p>The two sizes are the same, n / k, where g divides n; elsewhere they may differ, see {@link #trainingSize} and
 * {@link #inferenceSize}.
 *
 * <p>Without the maximum first ({@link Builder#maxFirst}) z is x itself, and inference averages k x k windows side
 * by side: what other poolings of stride 1 are combined with. S3-DPP, the best of the variants in the paper on
 * detail-preserving pooling (Saeedan et al., CVPR 2018), is {@link DppPool} with stride 1 and this behind it.
 *
 * <p>Optional inputs "slices" (volumes), "rows" (not for sequences) and "cols", INT64 vectors in ascending order: the
 * rows and columns of z to keep instead of a draw. Draws come from Philox4x32-10 with the seed as its key; without a
 * seed, ND4J's generator gives one at each call. With {@link TrainingPhase#INPUT} the last input is "training", a BOOL
 * scalar.
 *
 * <p>Sequences may have a mask ({@link Builder#masked}), a second input "mask" {@code [N,W]} of the input's type. Steps
 * where it is 0 are elements of no window, whatever they hold, and have the gradient 0. In training, windows without
 * any other step lose the draw: in each example, the windows of a cell that hold a step are kept first, of more than
 * there is room for those that were drawn first; for what is missing the result is 0, with index -1, behind those of
 * the cell. Where rows are given, a window without a step gives 0. At inference, means are those of the windows that
 * hold a step, and 0 without any. {@link #outputMask} says which places have a value in both.
 *
 * <p>Where it can train there is a second output "index", INT64, of the output's shape: the position of the chosen
 * element in the map of its channel; -1 at inference. Ties, NaN and infinities as {@link AdaptiveMaxPool}.
 *
 * <p>Errors: a grid size that is no multiple of the pool size; an input smaller than k; rows that do not ascend or lie
 * outside z.
 */
public final class S3Pool extends CellOp {

    private static final String TRAINING = "training";
    private static final List<String> DRAWS = Arrays.asList("slices", "rows", "cols");

    /** For SameDiff, which fills in the arguments. */
    public S3Pool() {}

    private S3Pool(Builder b) {
        super(b.channelsLast, options(b.dimensions, b.poolSize, b.gridSize == null ? b.poolSize : b.gridSize, b.phase,
                b.drawsGiven, b.seed != null, b.seed == null ? 0 : b.seed, b.maxFirst, b.masked));
        checkOptions();
    }

    /**
     * Starts a configuration for images.
     *
     * @param poolSize k, at least 1
     * @return a builder
     */
    public static Builder builder(int poolSize) {
        return new Builder(poolSize);
    }

    /** Builder of {@link S3Pool}. */
    public static final class Builder {
        private final int poolSize;
        private int dimensions = 2;
        private Integer gridSize;
        private TrainingPhase phase = TrainingPhase.TRAINING;
        private boolean channelsLast;
        private boolean drawsGiven;
        private Long seed;
        private boolean maxFirst = true;
        private boolean masked;

        private Builder(int poolSize) {
            this.poolSize = poolSize;
        }

        /**
         * @param gridSize g, a multiple of the pool size; default: the pool size
         * @return this
         */
        public Builder gridSize(int gridSize) {
            this.gridSize = gridSize;
            return this;
        }

        /**
         * @param dimensions 1, 2 (the default) or 3
         * @return this
         */
        public Builder dimensions(int dimensions) {
            this.dimensions = dimensions;
            return this;
        }

        /**
         * @param phase the phase; default: it always trains
         * @return this
         */
        public Builder phase(TrainingPhase phase) {
            this.phase = Objects.requireNonNull(phase, "phase");
            return this;
        }

        /**
         * @param channelsLast whether the channels are the last axis; default false
         * @return this
         */
        public Builder channelsLast(boolean channelsLast) {
            this.channelsLast = channelsLast;
            return this;
        }

        /**
         * @param drawsGiven whether they are; default false
         * @return this
         */
        public Builder drawsGiven(boolean drawsGiven) {
            this.drawsGiven = drawsGiven;
            return this;
        }

        /**
         * @param seed the seed; default: another one at each call
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * @param maxFirst whether it does; default true
         * @return this
         */
        public Builder maxFirst(boolean maxFirst) {
            this.maxFirst = maxFirst;
            return this;
        }

        /**
         * @param masked whether there is, for sequences only; default false
         * @return this
         */
        public Builder masked(boolean masked) {
            this.masked = masked;
            return this;
        }

        /**
         * Makes the op.
         *
         * @return the op
         * @throws IllegalArgumentException if an option is out of range
         */
        public S3Pool build() {
            return new S3Pool(this);
        }
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.S3_POOL;
    }

    @Override
    protected int dimensions() {
        return (int) option(0, "dimensions", 1, MapAxes.KERNEL_AXES);
    }

    /** @return pool size k */
    public long poolSize() {
        return option(1, "poolSize", 1, Integer.MAX_VALUE);
    }

    /** @return grid size g */
    public long gridSize() {
        return option(2, "gridSize", 1, Integer.MAX_VALUE);
    }

    /** @return how the op knows whether it trains */
    public TrainingPhase phase() {
        return option(3, TrainingPhase.class);
    }

    /** @return whether maximum pooling comes first */
    public boolean isMaxFirst() {
        return flag(7, "maxFirst");
    }

    /** @return whether there is a mask */
    public boolean isMasked() {
        return flag(8, "masked");
    }

    /** Size of the windows that z is the maximum of. */
    private long windowSize() {
        return isMaxFirst() ? poolSize() : 1;
    }

    private boolean drawsGiven() {
        return flag(4, "drawsGiven");
    }

    private CounterBasedRandom random() {
        return flag(5, "seedGiven")
                ? new CounterBasedRandom(option(6, "seed", Long.MIN_VALUE, Long.MAX_VALUE))
                : CounterBasedRandom.fromNd4j();
    }

    @Override
    public boolean drawsAnew() {
        return phase() != TrainingPhase.INFERENCE && !drawsGiven() && !flag(5, "seedGiven");
    }

    @Override
    protected boolean isMaximum() {
        return phase() != TrainingPhase.INFERENCE;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        poolSize();
        if (gridSize() % poolSize() != 0) {
            throw error("gridSize must be a multiple of poolSize " + poolSize() + ", got " + gridSize());
        }
        flag(5, "seedGiven");
        isMaxFirst();
        checkMasked(isMasked());
        if (drawsGiven() && phase() == TrainingPhase.INFERENCE) {
            throw error("nothing is drawn in phase " + phase() + ", so that draws must not be given");
        }
    }

    @Override
    public List<String> inputNames() {
        List<String> names = new ArrayList<>(super.inputNames());
        if (isMasked()) {
            names.add(SpanOp.MASK);
        }
        if (drawsGiven()) {
            names.addAll(DRAWS.subList(DRAWS.size() - dimensions(), DRAWS.size()));
        }
        if (phase() == TrainingPhase.INPUT) {
            names.add(TRAINING);
        }
        return names;
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return DRAWS.contains(name) ? DataType.INT64
                : name.equals(TRAINING) ? DataType.BOOL : super.typeOf(name, type);
    }

    private boolean isTraining(List<INDArray> inputs) {
        if (phase() != TrainingPhase.INPUT) {
            return phase() == TrainingPhase.TRAINING;
        }
        INDArray training = inputs.get(inputs.size() - 1);
        if (training.length() != 1) {
            throw error(TRAINING + " must be a scalar, got shape " + Arrays.toString(training.shape()));
        }
        return training.getInt(0) != 0;
    }

    /**
     * Output size in training, unless the rows are given.
     *
     * @param inputSize input size along an axis, at least the pool size
     * @return output size along it
     */
    public long trainingSize(long inputSize) {
        long z = inputSize - windowSize() + 1;
        long g = gridSize();
        return z / g * (g / poolSize()) + Math.min(g / poolSize(), z % g);
    }

    /**
     * Output size at inference.
     *
     * @param inputSize input size along an axis, at least the pool size
     * @return output size along it
     */
    public long inferenceSize(long inputSize) {
        return inferenceRanges(inputSize).count();
    }

    private AxisRanges inferenceRanges(long inputSize) {
        return isMaxFirst()
                ? AxisRanges.padded(inputSize - poolSize() + 1, poolSize())
                : AxisRanges.sideBySide(inputSize, poolSize());
    }

    /**
     * Shape of the output, unless the rows are given.
     *
     * @param training whether it trains
     * @param inputShape shape of the input
     * @return the shape
     * @throws IllegalArgumentException if rank or sizes do not fit
     */
    public long[] outputShape(boolean training, long... inputShape) {
        long[] sizes = spatialSizes(inputShape);
        if (Arrays.stream(sizes).anyMatch(n -> n < poolSize())) {
            throw error("spatial sizes of the input must be at least the poolSize " + poolSize() + ", got "
                    + Arrays.toString(sizes));
        }
        Arrays.setAll(sizes, a -> training ? trainingSize(sizes[a]) : inferenceSize(sizes[a]));
        return axes().withSpatial(inputShape, sizes);
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        long[] inputShape = inputs.get(0).shape();
        boolean training = isTraining(inputs);
        long[] shape = outputShape(training, inputShape);
        if (isMasked()) {
            long steps = axes().spatial(inputShape)[0];
            checkSteps(steps);
            checkShape(SpanOp.MASK, inputs.get(1), inputShape[0], steps);
        }
        if (drawsGiven()) {
            long[] sizes = axes().spatial(inputShape);
            for (int a = 0; a < sizes.length; a++) {
                sizes[a] = given(a, inputs, sizes[a] - windowSize()).length;
            }
            shape = training ? axes().withSpatial(inputShape, sizes) : shape;
        }
        return outputShapes(shape);
    }

    private long[] given(int axis, List<INDArray> inputs, long last) {
        int input = (isMasked() ? 2 : 1) + axis;
        INDArray array = inputs.get(input);
        String name = inputNames().get(input);
        if (array.rank() != 1 || array.isEmpty()) {
            throw error(name + " must be a vector, got shape " + Arrays.toString(array.shape()));
        }
        long[] places = array.toLongVector();
        for (int i = 0; i < places.length; i++) {
            if (places[i] < (i == 0 ? 0 : places[i - 1] + 1) || places[i] > last) {
                throw error(name + " must ascend from 0 to " + last + ", got " + Arrays.toString(places));
            }
        }
        return places;
    }

    private int picks() {
        return (int) (gridSize() / poolSize());
    }

    private List<Level> trainingCells(List<INDArray> inputs) {
        long[] n = axes().spatial(inputs.get(0).shape());
        long k = windowSize();
        AxisRanges[] ranges = new AxisRanges[n.length];
        CounterBasedRandom random = drawsGiven() ? null : random();
        for (int a = 0; a < n.length; a++) {
            long[] places =
                    drawsGiven()
                            ? given(a, inputs, n[a] - k)
                            : S3Draw.of(random, a, n[a] - k + 1, gridSize(), picks()).kept();
            ranges[a] = AxisRanges.windows(places, k);
        }
        return Collections.singletonList(level(ranges));
    }

    private Level inferenceCells(INDArray input) {
        long[] n = axes().spatial(input.shape());
        AxisRanges[] ranges = new AxisRanges[n.length];
        Arrays.setAll(ranges, a -> inferenceRanges(n[a]));
        return level(ranges);
    }

    private static Level level(AxisRanges[] ranges) {
        return new Level(-1, Arrays.stream(ranges).mapToLong(AxisRanges::count).toArray()).add(ranges);
    }

    /**
     * The mask of the output where there is one of the input: 1 for places that have an element both in training,
     * whatever is drawn, and at inference.
     *
     * @param mask mask of the input, {@code [N,W]}. Not modified.
     * @return the mask
     * @throws IllegalArgumentException if it has another rank, the op is not one of sequences, or the sizes in training
     *     and at inference differ
     */
    public INDArray outputMask(INDArray mask) {
        checkStepMask(mask);
        long steps = mask.size(1);
        if (trainingSize(steps) != inferenceSize(steps)) {
            throw error("with a mask, sizes in training and at inference must be the same, got " + trainingSize(steps)
                    + " and " + inferenceSize(steps) + " for " + steps + " steps");
        }
        return new MaskedS3(axes(), mask, windowSize()).outputMask(gridSize(), picks(), inferenceRanges(steps));
    }

    private void forwardMasked(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray input = inputs.get(0);
        MaskedS3 sequences = new MaskedS3(axes(), inputs.get(1), windowSize());
        long steps = axes().spatial(input.shape())[0];
        long windows = steps - windowSize() + 1;
        if (!isTraining(inputs)) {
            sequences.means(input, inferenceRanges(steps), outputs.get(0));
        } else if (drawsGiven()) {
            sequences.keep(input, given(0, inputs, windows - 1), outputs.get(0), outputs.get(1));
        } else {
            S3Draw draw = S3Draw.ofAll(random(), 0, windows, gridSize(), picks());
            sequences.keep(input, draw, outputs.get(0), outputs.get(1));
        }
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray input = inputs.get(0);
        if (isMaximum() && !isTraining(inputs) && !outputs.get(1).isEmpty()) {
            outputs.get(1).assign(-1);
        }
        if (isMasked()) {
            if (!input.isEmpty()) {
                forwardMasked(inputs, outputs);
            }
            return;
        }
        if (isTraining(inputs)) {
            poolCells(input, trainingCells(inputs), outputs);
            return;
        }
        INDArray y = outputs.get(0);
        try (Plan plan = new Plan(Collections.singletonList(inferenceCells(input)), y, null)) {
            Kernels.launch("s3_pool_forward", parameters(input, plan, 0), 1, input, plan.array(), y);
        }
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        INDArray input = inputs.get(0);
        INDArray inputGradient = inputGradients.get(0);
        if (isMasked()) {
            MaskedS3 sequences = new MaskedS3(axes(), inputs.get(1), windowSize());
            if (input.isEmpty()) {
                return;
            }
            if (isTraining(inputs)) {
                sequences.keepBackward(input, saved.get(0), outputGradient, inputGradient);
            } else {
                sequences.meansBackward(
                        input, inferenceRanges(axes().spatial(input.shape())[0]), outputGradient, inputGradient);
            }
            return;
        }
        if (isTraining(inputs)) {
            Level level = new Level(-1, axes().spatial(outputGradient.shape()));
            poolCellsBackward(Collections.singletonList(level), saved, outputGradient, inputGradient);
            return;
        }
        try (Plan plan = new Plan(Collections.singletonList(inferenceCells(input)), outputGradient, null)) {
            long[] parameters = parameters(input, plan, WindowGeometry.STRIDE_WORDS);
            axes().writeStrides(parameters, parameters.length - WindowGeometry.STRIDE_WORDS, inputGradient.stride());
            Kernels.launch(
                    "s3_pool_backward", parameters, 1, input, plan.array(), outputGradient, inputGradient);
        }
    }

    /** The native struct S3Parameters, and room behind it. */
    private long[] parameters(INDArray input, Plan plan, int more) {
        long[] parameters = new long[CELL_PARAMETER_WORDS + MapAxes.KERNEL_AXES + more];
        int next = writeParameters(parameters, input, plan);
        long[] kernel = new long[dimensions()];
        Arrays.fill(kernel, windowSize());
        axes().writeSpatial(parameters, next, 1, kernel);
        return parameters;
    }
}
