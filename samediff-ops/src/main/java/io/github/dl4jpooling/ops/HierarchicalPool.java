// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Hierarchical pooling: stages, each a pooling of what the one before gives, {@code y = P_S(... P_2(P_1(x)))}.
 *
 * <p>Takes local features first and combines them afterwards. {@link #swem} is the one for text of Shen et al.: means
 * of all n neighbouring words, of which the largest are kept; unlike the mean of all words it sees their order.
 * Otherwise the same as layers one behind the other, as one op. Maxima of maxima are the maxima of larger windows.
 *
 * <p>Stages are any ops with a map as their only input ({@link CombinedOp} says which). Input {@code [N,C,W]}, {@code
 * [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output as the last stage says; types float, double, half,
 * bfloat16. A NaN reaches what the stages make of it. The gradient is exact. Error: a stage whose windows do not fit
 * on the map that it gets.
 *
 * <p>A masked op, for sequences only, has a second input "mask" {@code [N,W]} of the input's type: steps where it is 0
 * are left out, as if the sequence did not have them, and get a gradient of 0. A sequence that is then shorter than a
 * window is one window. An example without steps gives 0. The last stage must be an adaptive pooling, whose output is
 * of one size; examples are pooled one by one.
 *
 * <p>Memory: the maps between the stages, which the gradient computes again, and their gradients.
 *
 * <p>Paper: D. Shen et al.: "Baseline Needs More Love: On Simple Word-Embedding-Based Models and Associated Pooling
 * Mechanisms", ACL 2018.
 */
public final class HierarchicalPool extends CombinedOp {

    private static final String MASK = "mask";

    /** For SameDiff, which fills in the arguments. */
    public HierarchicalPool() {}

    /**
     * Averages of windows at stride 1, then maxima of windows.
     *
     * @param window the windows of the second stage; those of the first have their size and mode SAME
     */
    public HierarchicalPool(PoolingWindow window) {
        this(new AveragePool(dense(window)), new MaxPool(window));
    }

    /**
     * Starts with stages.
     *
     * @param stages poolings without further inputs, in the order in which they are applied, one at least
     */
    public HierarchicalPool(PoolingOp... stages) {
        this(Arrays.asList(Objects.requireNonNull(stages, "stages")), false);
    }

    /**
     * Chooses everything.
     *
     * @param stages poolings without further inputs, in the order in which they are applied, one at least
     * @param masked whether there is a mask, the last input
     */
    public HierarchicalPool(List<? extends PoolingOp> stages, boolean masked) {
        super(options(masked), stages);
    }

    /**
     * SWEM-hier for text: means of n neighbouring steps at stride 1, then the largest of each channel.
     *
     * @param n steps of a window, 1 at least
     * @param channelsLast whether sequences are {@code [N,W,C]}
     * @return an op from {@code [N,C,W]} to {@code [N,C,1]}, or with the channels last
     */
    public static HierarchicalPool swem(int n, boolean channelsLast) {
        PoolingWindow window = PoolingWindow.builder(n).stride(1).channelsLast(channelsLast).build();
        return new HierarchicalPool(new AveragePool(window), new AdaptiveMaxPool(channelsLast, 1));
    }

    private static PoolingWindow dense(PoolingWindow window) {
        int[] ones = new int[Objects.requireNonNull(window, "window").dimensions()];
        Arrays.fill(ones, 1);
        return PoolingWindow.builder(window.kernel())
                .stride(ones)
                .borderMode(BorderMode.SAME)
                .channelsLast(window.channelsLast())
                .build();
    }

    /** @return whether there is a mask */
    public boolean isMasked() {
        return flag(0, "masked");
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.HIERARCHICAL_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        List<PoolingOp> stages = parts();
        if (isMasked() && !(stages.get(stages.size() - 1) instanceof AdaptivePool)) {
            throw error("the last stage must be an adaptive pooling where there is a mask, got "
                    + stages.get(stages.size() - 1));
        }
    }

    @Override
    String partName(int part) {
        return "stage " + part;
    }

    @Override
    public List<String> inputNames() {
        return isMasked() ? Arrays.asList("input", MASK) : super.inputNames();
    }

    @Override
    long[][] outputShapes(DataType type, long... inputShape) {
        long[] shape = inputShape;
        List<PoolingOp> stages = parts();
        if (isMasked()) { // lengths differ from example to example
            return new long[][] {outputShape(stages.size() - 1, stages.get(stages.size() - 1), type, shape)};
        }
        for (int i = 0; i < stages.size(); i++) {
            shape = outputShape(i, stages.get(i), type, shape);
        }
        return new long[][] {shape};
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        if (isMasked()) {
            INDArray x = inputs.get(0);
            if (x.rank() != 3) {
                throw error("the input must be sequences, of rank 3, where there is a mask, got shape "
                        + Arrays.toString(x.shape()));
            }
            checkShape(MASK, inputs.get(1), x.size(0), x.size(stepAxis()));
        }
        return super.shapes(inputs);
    }

    private int stepAxis() {
        return channelsLast() ? 1 : 2;
    }

    @Override
    void forward(List<INDArray> inputs, List<INDArray> outputs, Temporaries temporaries) {
        List<PoolingOp> stages = parts();
        INDArray x = inputs.get(0);
        INDArray y = outputs.get(0);
        if (!isMasked()) {
            pool(stages, x, y);
            return;
        }
        for (int i = 0; i < x.size(0); i++) {
            INDArray result = part(y, 0, i, 1);
            try (Temporaries own = new Temporaries()) {
                INDArray steps = new MaskedSteps(inputs.get(1), i).of(x, stepAxis(), own);
                if (steps == null) {
                    result.assign(0);
                } else {
                    pool(stages, steps, result);
                }
            }
        }
    }

    private void pool(List<PoolingOp> stages, INDArray x, INDArray y) {
        PoolingOp first = fitting(stages.get(0), x);
        try (Temporaries own = new Temporaries()) {
            if (stages.size() == 1) {
                new AppliedPooling(first, x, y, own);
            } else {
                pool(stages.subList(1, stages.size()), new AppliedPooling(first, x, own).result(), y);
            }
        }
    }

    @Override
    void backward(List<INDArray> inputs, List<INDArray> saved, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries) {
        List<PoolingOp> stages = parts();
        INDArray x = inputs.get(0);
        if (!isMasked()) {
            backward(stages, x, yGradient, gradients.get(0));
            return;
        }
        gradients.get(0).assign(0);
        for (int i = 0; i < x.size(0); i++) {
            try (Temporaries own = new Temporaries()) {
                MaskedSteps mask = new MaskedSteps(inputs.get(1), i);
                INDArray steps = mask.of(x, stepAxis(), own);
                if (steps != null) {
                    INDArray gradient = own.like(steps);
                    backward(stages, steps, part(yGradient, 0, i, 1), gradient);
                    mask.write(gradient, gradients.get(0), stepAxis());
                }
            }
        }
    }

    private void backward(List<PoolingOp> stages, INDArray x, INDArray yGradient, INDArray xGradient) {
        PoolingOp first = fitting(stages.get(0), x);
        if (stages.size() == 1) {
            AppliedPooling.backward(first, x, yGradient, xGradient);
            return;
        }
        try (Temporaries own = new Temporaries()) {
            AppliedPooling pooled = new AppliedPooling(first, x, own);
            INDArray gradient = own.like(pooled.result());
            backward(stages.subList(1, stages.size()), pooled.result(), yGradient, gradient);
            pooled.backward(gradient, xGradient);
        }
    }

    /** The stage itself, or, where a mask leaves less than a window, with all that is left as one window. */
    private PoolingOp fitting(PoolingOp stage, INDArray x) {
        if (!isMasked() || !(stage instanceof WindowedOp)) {
            return stage;
        }
        PoolingWindow window = ((WindowedOp) stage).window();
        int dilation = window.dilation()[0];
        long extent = (long) dilation * (window.kernel()[0] - 1) + 1;
        long length = x.size(stepAxis());
        if (window.borderMode() == BorderMode.SAME || extent <= length + 2L * window.padding()[0]) {
            return stage;
        }
        return ((WindowedOp) stage).withWindow(PoolingWindow.builder((int) ((length - 1) / dilation) + 1)
                .stride(window.stride())
                .dilation(dilation)
                .channelsLast(channelsLast())
                .build());
    }
}
