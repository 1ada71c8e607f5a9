// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Hierarchical dynamic pooling: stages one behind the other, each of which mixes several poolings, its candidates, as a
 * learned gate says, which looks at what they found.
 *
 * <pre>
 * x_1 = x,   x_{s+1} = sum_m g_{s,m} P_{s,m}(x_s),   y = x_{S+1}
 * g_s = softmax(W_s h_s + b_s)                             one number for each candidate, for each example
 * h_s = tanh(V_s d_s + c_s), or d_s without hidden units
 * d_s = the means of all channels of P_{s,1}(x_s), P_{s,2}(x_s), ...,
 *       and in a stage with differences those of |x_s[t+1] - x_s[t]|
 * </pre>
 *
 * <p>The choice of pooling and window size becomes part of what is learned, and may differ from input to input: maxima
 * for an image with small bright things, means for one of textures. Stages with differences are for videos
 * {@code [N,C,T,H,W]} and sequences: t runs along the first spatial axis, so that the gate sees how much changes from
 * frame to frame, and can pool over many frames where nothing moves, over few where much does. Not for networks in
 * which one pooling is known to be right: M candidates cost as much as M poolings. Definition of this library; nothing
 * is known of it from papers.
 *
 * <p>Candidates are any ops with a map as their only input ({@link CombinedOp} says which); those of a stage have
 * outputs of the same shape. Inputs: input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels
 * last), then for each stage s, from 1, weights<i>s</i> {@code [M,D]} and bias<i>s</i> {@code [M]}, where D is the sum
 * of the channels of all candidates, plus those of x_s where there are differences; with h hidden units before them
 * hiddenWeights<i>s</i> {@code [h,D]} and hiddenBias<i>s</i> {@code [h]}, and weights<i>s</i> {@code [M,h]}. All have
 * exact gradients. Outputs: that of the last stage, and "gates" {@code [N, all candidates]}, g of all stages one behind
 * the other. Types float, double, half, bfloat16; half and bfloat16 are computed in float.
 *
 * <p>With all weights and biases 0 it is the mean of the candidates; a stage with one candidate is that pooling. A NaN
 * spreads to the whole example; so may an infinity, as NaN. Differences of a single frame are 0, and the gradient of an
 * absolute difference of 0 is 0. Sums and matrix products are ND4J's, whose order of summation may depend on the number
 * of threads.
 *
 * <p>Memory: the results of the candidates of a stage, for the gradient those of all stages.
 */
public final class HierarchicalDynamicPool extends CombinedOp {

    private static final int FIXED_OPTIONS = 2;
    private static final int OPTIONS_OF_STAGE = 2;
    private static final int MOST_UNITS = 1 << 20;

    /** For SameDiff, which fills in the arguments. */
    public HierarchicalDynamicPool() {}

    /**
     * One stage of maximum, average and minimum of the same windows, without hidden units.
     *
     * @param window the windows
     */
    public HierarchicalDynamicPool(PoolingWindow window) {
        this(builder().stage(new MaxPool(window), new AveragePool(window), new MinPool(window)));
    }

    private HierarchicalDynamicPool(Builder builder) {
        super(builder.options(), builder.candidates);
    }

    /**
     * Starts without stages.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the stages of a {@link HierarchicalDynamicPool}. */
    public static final class Builder {
        private final List<PoolingOp> candidates = new ArrayList<>();
        private final List<long[]> stages = new ArrayList<>(); // number of candidates, whether there are differences
        private int hiddenUnits;

        private Builder() {}

        /**
         * Adds a stage.
         *
         * @param poolings its candidates, one at least
         * @return this
         */
        public Builder stage(PoolingOp... poolings) {
            return stage(false, Arrays.asList(Objects.requireNonNull(poolings, "poolings")));
        }

        /**
         * Adds a stage whose gate also sees the differences along the first spatial axis.
         *
         * @param poolings its candidates, one at least
         * @return this
         */
        public Builder stageWithDifferences(PoolingOp... poolings) {
            return stage(true, Arrays.asList(Objects.requireNonNull(poolings, "poolings")));
        }

        /**
         * Adds a stage.
         *
         * @param seesDifferences whether its gate also sees the differences along the first spatial axis
         * @param poolings its candidates, one at least
         * @return this
         */
        public Builder stage(boolean seesDifferences, List<? extends PoolingOp> poolings) {
            candidates.addAll(Objects.requireNonNull(poolings, "poolings"));
            stages.add(new long[] {poolings.size(), seesDifferences ? 1 : 0});
            return this;
        }

        /**
         * Sets the size of the gates' networks.
         *
         * @param units hidden units of each gate; default 0, for linear gates
         * @return this
         */
        public Builder hiddenUnits(int units) {
            hiddenUnits = units;
            return this;
        }

        private long[] options() {
            long[] options = new long[FIXED_OPTIONS + OPTIONS_OF_STAGE * stages.size()];
            options[0] = hiddenUnits;
            options[1] = stages.size();
            int next = FIXED_OPTIONS;
            for (long[] stage : stages) {
                System.arraycopy(stage, 0, options, next, OPTIONS_OF_STAGE);
                next += OPTIONS_OF_STAGE;
            }
            return options;
        }

        /** @return the op */
        public HierarchicalDynamicPool build() {
            return new HierarchicalDynamicPool(this);
        }
    }

    /** @return hidden units of each gate; 0 for linear gates */
    public int hiddenUnits() {
        return (int) option(0, "hiddenUnits", 0, MOST_UNITS);
    }

    private List<GatedStage> stages() {
        List<PoolingOp> candidates = parts();
        long count = option(1, "number of stages", 1, candidates.size());
        List<GatedStage> stages = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < count; i++) {
            int option = FIXED_OPTIONS + OPTIONS_OF_STAGE * i;
            int size = (int) option(option, "candidates of stage " + (i + 1), 1, candidates.size() - (long) first);
            stages.add(new GatedStage(candidates.subList(first, first + size), channelsLast(),
                    flag(option + 1, "differences of stage " + (i + 1)), hiddenUnits()));
            first += size;
        }
        if (first != candidates.size()) {
            throw error("the stages must have as many candidates as there are poolings, " + candidates.size()
                    + ", got " + first);
        }
        return stages;
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.HIERARCHICAL_DYNAMIC_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        stages();
    }

    @Override
    String partName(int part) {
        return "candidate " + part;
    }

    @Override
    public List<String> inputNames() {
        List<String> names = new ArrayList<>(super.inputNames());
        for (int s = 1; s <= stages().size(); s++) {
            names.addAll(parameterNames(s));
        }
        return names;
    }

    private List<String> parameterNames(int stage) {
        return hiddenUnits() == 0
                ? Arrays.asList("weights" + stage, "bias" + stage)
                : Arrays.asList("hiddenWeights" + stage, "hiddenBias" + stage, "weights" + stage, "bias" + stage);
    }

    @Override
    public int differentiableInputs() {
        return inputNames().size();
    }

    @Override
    public List<String> outputNames() {
        return Arrays.asList("output", "gates");
    }

    /**
     * Whether an input is a weight, to which a layer's l1, l2 and weight decay apply.
     *
     * @param name its name
     * @return false for biases
     */
    public static boolean isWeight(String name) {
        return name.startsWith("weights") || name.startsWith("hiddenWeights");
    }

    /**
     * Shapes of the parameters.
     *
     * @param inputShape shape of the input
     * @return shapes by the names of the inputs, in their order
     * @throws IllegalArgumentException if rank or sizes do not fit
     */
    public Map<String, long[]> parameterShapes(long... inputShape) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        List<GatedStage> stages = stages();
        long[][] maps = maps(DataType.FLOAT, inputShape);
        for (int s = 0; s < stages.size(); s++) {
            int axis = channelAxis(maps[s].length);
            List<long[]> sizes = stages.get(s).parameterShapes(maps[s][axis], maps[s + 1][axis]);
            List<String> names = parameterNames(s + 1);
            for (int i = 0; i < sizes.size(); i++) {
                shapes.put(names.get(i), sizes.get(i));
            }
        }
        return shapes;
    }

    /** Shapes of the input and the output of every stage. */
    private long[][] maps(DataType type, long... inputShape) {
        List<PoolingOp> candidates = parts();
        List<GatedStage> stages = stages();
        long[][] maps = new long[stages.size() + 1][];
        maps[0] = inputShape;
        int candidate = 0;
        for (int s = 0; s < stages.size(); s++) {
            for (int i = 0; i < stages.get(s).size(); i++) {
                long[] shape = outputShape(candidate, candidates.get(candidate), type, maps[s]);
                if (shape.length != inputShape.length) {
                    throw error(partName(candidate) + " must make a map of the input's rank, got one of shape "
                            + Arrays.toString(shape) + " for an input of shape " + Arrays.toString(maps[s]));
                }
                if (i > 0 && !Arrays.equals(shape, maps[s + 1])) {
                    throw error("outputs of the candidates of stage " + (s + 1) + " must have the same shape, got "
                            + Arrays.toString(maps[s + 1]) + " and, of " + partName(candidate) + ", "
                            + Arrays.toString(shape));
                }
                maps[s + 1] = shape;
                candidate++;
            }
        }
        return maps;
    }

    @Override
    long[][] outputShapes(DataType type, long... inputShape) {
        long[][] maps = maps(type, inputShape);
        return new long[][] {maps[maps.length - 1], {inputShape[0], parts().size()}};
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        long[][] shapes = super.shapes(inputs);
        int next = 1;
        for (Map.Entry<String, long[]> entry : parameterShapes(inputs.get(0).shape()).entrySet()) {
            checkShape(entry.getKey(), inputs.get(next++), entry.getValue());
        }
        return shapes;
    }

    @Override
    void forward(List<INDArray> inputs, List<INDArray> outputs, Temporaries temporaries) {
        forward(stages(), inputs.get(0), inputs.subList(1, inputs.size()), outputs.get(0), outputs.get(1), 0);
    }

    private void forward(
            List<GatedStage> stages, INDArray x, List<INDArray> parameters, INDArray y, INDArray gates, long gate) {
        GatedStage stage = stages.get(0);
        boolean isLast = stages.size() == 1;
        try (Temporaries ofMap = new Temporaries()) {
            INDArray map;
            try (Temporaries own = new Temporaries()) {
                GatedStage.Run run = stage.run(x, parameters, own);
                map = isLast ? y : ofMap.like(run.candidate());
                run.mix(map);
                part(gates, 1, gate, stage.size()).assign(run.gate());
            }
            if (!isLast) {
                forward(stages.subList(1, stages.size()), map, behind(parameters), y, gates, gate + stage.size());
            }
        }
    }

    /** What belongs to the stages behind the first one. */
    private List<INDArray> behind(List<INDArray> arrays) {
        return arrays.subList(parameterNames(1).size(), arrays.size());
    }

    @Override
    void backward(List<INDArray> inputs, List<INDArray> saved, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries) {
        backward(stages(), inputs.get(0), inputs.subList(1, inputs.size()), yGradient, gradients.get(0),
                gradients.subList(1, gradients.size()));
    }

    private void backward(List<GatedStage> stages, INDArray x, List<INDArray> parameters, INDArray yGradient,
            INDArray xGradient, List<INDArray> parameterGradients) {
        try (Temporaries own = new Temporaries()) {
            GatedStage.Run run = stages.get(0).run(x, parameters, own);
            INDArray mapGradient = yGradient;
            if (stages.size() > 1) {
                INDArray map = own.like(run.candidate());
                run.mix(map);
                mapGradient = own.like(map);
                backward(stages.subList(1, stages.size()), map, behind(parameters), yGradient, mapGradient,
                        behind(parameterGradients));
            }
            run.backward(mapGradient, xGradient, parameterGradients);
        }
    }
}
