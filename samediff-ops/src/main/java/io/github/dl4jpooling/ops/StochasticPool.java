// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Stochastic pooling: in training an element of each window, drawn with a probability proportional to its size,
 * {@code y = x_l}, {@code P(l) = a_l / S}, {@code a_i = max(0, x_i)}, {@code S = sum_i a_i}; in inference the mean
 * under these probabilities, {@code y = sum_i a_i^2 / S}.
 *
 * <p>Regularises without a parameter. Made for activations behind a rectifier; negative ones have probability 0. Not
 * the right choice for small networks that do not overfit.
 *
 * <p>The draw comes from Philox, a counter-based generator: it depends on the seed and on the place of the output
 * alone, not on threads, layout or device. Without a fixed seed each execution takes one from ND4J's generator. A
 * second input u of the output's shape, uniform in (0, 1], replaces the draw: the first element whose running sum
 * reaches u S is taken.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. In training a second output {@code index}, INT64, holds the position of the drawn element in the spatial
 * map, row by row, or -1 for a window without elements; it gets the whole gradient. In inference {@code dy/dx_i = (2
 * x_i - y) / S} for x_i &gt;= 0. {@link TrainingPhase#INPUT} adds a last input training, a BOOL scalar, which
 * decides at each call.
 *
 * <p>A window without positive elements gives its first element or one drawn uniformly in training ({@link
 * ZeroPolicy}), 0 in inference. A window that holds a NaN gives NaN.
 *
 * <p>Paper: M. D. Zeiler, R. Fergus: "Stochastic pooling for regularization of deep convolutional neural networks",
 * ICLR 2013.
 */
public final class StochasticPool extends WindowOp {

    private static final String TRAINING = "training";

    /** For SameDiff, which fills in the arguments. */
    public StochasticPool() {}

    /** What is taken from a window without positive elements in training. */
    public enum ZeroPolicy {
        /** The first element, as the published code does. */
        FIRST,
        /** One drawn uniformly. */
        UNIFORM
    }

    /**
     * Draws anew at each execution.
     *
     * @param window the window
     * @param phase whether it trains
     */
    public StochasticPool(PoolingWindow window, TrainingPhase phase) {
        this(window, phase, ZeroPolicy.FIRST);
    }

    /**
     * Draws anew at each execution.
     *
     * @param window the window
     * @param phase whether it trains
     * @param zeroPolicy what is taken from a window without positive elements
     */
    public StochasticPool(PoolingWindow window, TrainingPhase phase, ZeroPolicy zeroPolicy) {
        super(window, options(Objects.requireNonNull(phase, "phase"), Objects.requireNonNull(zeroPolicy, "zeroPolicy"),
                Draw.ANEW, 0));
    }

    private StochasticPool(PoolingWindow window, TrainingPhase phase, ZeroPolicy zeroPolicy, Draw draw, long seed) {
        super(window, options(Objects.requireNonNull(phase, "phase"), Objects.requireNonNull(zeroPolicy, "zeroPolicy"),
                Objects.requireNonNull(draw, "draw"), seed));
    }

    /**
     * The same operator with a fixed seed.
     *
     * @param seed the key of the draw
     * @return an operator that draws the same whenever it is executed
     */
    public StochasticPool withSeed(long seed) {
        return new StochasticPool(window(), phase(), zeroPolicy(), Draw.SEED, seed);
    }

    /**
     * The same operator with the random numbers as its second input u.
     *
     * @return an operator that does not draw
     */
    public StochasticPool withGivenNumbers() {
        return new StochasticPool(window(), phase(), zeroPolicy(), Draw.INPUT, 0);
    }

    /** @return whether it trains */
    public TrainingPhase phase() {
        return option(0, TrainingPhase.class);
    }

    /** @return what is taken from a window without positive elements */
    public ZeroPolicy zeroPolicy() {
        return option(1, ZeroPolicy.class);
    }

    private Draw draw() {
        return option(2, Draw.class);
    }

    private long seed() {
        return option(3, "seed", Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private enum Draw {
        ANEW,
        SEED,
        INPUT
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.STOCHASTIC_POOL;
    }

    @Override
    public List<WindowInput> furtherInputs() {
        List<WindowInput> inputs = new ArrayList<>();
        if (phase() != TrainingPhase.INFERENCE) {
            WindowInput numbers = WindowInput.parameter("u", Sharing.ELEMENT).notDifferentiable();
            inputs.add(draw() == Draw.INPUT ? numbers : numbers.absent());
        }
        if (phase() == TrainingPhase.INPUT) {
            inputs.add(WindowInput.flag(TRAINING));
        }
        return inputs;
    }

    @Override
    public boolean drawsAnew() {
        return phase() != TrainingPhase.INFERENCE && draw() == Draw.ANEW;
    }

    @Override
    protected boolean hasIndex() {
        return phase() != TrainingPhase.INFERENCE;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        phase();
        zeroPolicy();
        draw();
        seed();
    }

    @Override
    protected String kernel(List<INDArray> inputs) {
        return operator().stem() + (phase() == TrainingPhase.INFERENCE ? "_inference" : "_training");
    }

    /** With {@link TrainingPhase#INPUT} and the input false, inference is left to an operator of that phase. */
    private boolean infers(List<INDArray> inputs) {
        return phase() == TrainingPhase.INPUT && inputs.get(inputNames().indexOf(TRAINING)).getInt(0) == 0;
    }

    private StochasticPool inference() {
        return new StochasticPool(window(), TrainingPhase.INFERENCE);
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        if (infers(inputs)) {
            outputs.get(1).assign(-1);
            inference().forward(maskedInput(inputs), outputs.subList(0, 1));
            return;
        }
        super.forward(inputs, outputs);
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        if (infers(inputs)) {
            inference().backward(maskedInput(inputs), List.of(), outputGradient, inputGradients);
            return;
        }
        super.backward(inputs, saved, outputGradient, inputGradients);
    }

    @Override
    protected long[] kernelOptions() {
        long key = draw() == Draw.SEED ? seed() : Nd4j.getRandom().nextLong();
        return new long[] {key, zeroPolicy().ordinal()};
    }
}
