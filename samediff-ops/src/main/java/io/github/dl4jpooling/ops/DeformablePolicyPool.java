// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Deformable policy pooling of images: the places of a window are displaced by given offsets, and a policy, a
 * distribution over the places, says how much each one counts, or which one is taken.
 *
 * <pre>
 * pi = softmax(z)                        over the K = kH*kW places p_k of a window
 * expectation:  y = sum_k pi_k f(p_k + d_k)
 * sampling:     y = f(p_l + d_l),  l drawn from pi, one for each window and group of channels
 * </pre>
 *
 * <p>f is the map between its elements, bilinearly, and 0 outside, as in {@link DeformableAveragePool}; a place outside
 * keeps its share. With offsets 0 and equal logits the expectation is average pooling that counts padding; with logits
 * that differ much, both modes select. Sampling regularises, and tries places out that the expectation would blur
 * together; it is noisy, and of no use where the policy is not learnt.
 *
 * <p>{@link TrainingPhase} chooses: TRAINING samples, INFERENCE computes the expectation (use it in training too for
 * the expectation mode), INPUT adds a last input training, a BOOL scalar, which decides at each call.
 *
 * <p>Gradients of the expectation are exact:
 *
 * <pre>
 * dL/dz_k = pi_k (M_k - E),   M_k = sum_c g_c f_c(p_k + d_k),   E = sum_j pi_j M_j,   c over the channels of the group
 * </pre>
 *
 * <p>In sampling, those of the map and the offsets are exact for the place drawn, and that of the logits is the score
 * function's estimate with the expectation as baseline, {@code dL/dz_k = ([k = l] - pi_k) (M_l - E)}. For a given g the
 * mean of all three over the draws is the gradient of the expectation.
 *
 * <p>The draw comes from Philox: it depends on the seed and on the number of the window alone, not on threads, layout
 * or device. Without a fixed seed each execution takes one from ND4J's generator. With {@link #withGivenNumbers} a
 * fourth input u, uniform in (0, 1], replaces the draw: the first place whose running sum of probabilities reaches u is
 * taken.
 *
 * <p>Inputs, channels first or last as the window says:
 *
 * <ul>
 *   <li>input {@code [N,C,H,W]};
 *   <li>offset {@code [N,2*G*K,oH,oW]}, see {@link DeformableAveragePool};
 *   <li>policy {@code [N,G*K,oH,oW]}: the logits z, place by place, for G groups of C/G neighbouring channels;
 *   <li>u {@code [N,G,oH,oW]}, if it is given.
 * </ul>
 *
 * <p>Output {@code [N,C,oH,oW]}; where it may sample a second output index, INT64 {@code [N,G,oH,oW]}: the number of
 * the place drawn, -1 for none. Types float, double, half, bfloat16. Of infinite logits the largest share the whole
 * probability. A NaN among a window's logits gives NaN.
 *
 * <p>Papers: offsets J. Dai et al.: "Deformable Convolutional Networks", ICCV 2017; score function R. J. Williams:
 * "Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning", Machine Learning 8,
 * 1992.
 */
public final class DeformablePolicyPool extends CompositeOp {

    private static final String INDEX = "index";
    private static final String NUMBERS = "u";
    private static final String TRAINING = "training";
    private static final int MOST_GROUPS = 1 << 20;
    private static final int STRIDES = 5;

    /** For SameDiff, which fills in the arguments. */
    public DeformablePolicyPool() {}

    private enum Draw {
        ANEW,
        SEED,
        INPUT
    }

    /**
     * One group of channels; the expectation.
     *
     * @param window the window, of two dimensions
     */
    public DeformablePolicyPool(PoolingWindow window) {
        this(window, 1, TrainingPhase.INFERENCE);
    }

    /**
     * Draws anew at each execution, where it samples.
     *
     * @param window the window, of two dimensions
     * @param groups number of groups of channels that have offsets and a policy of their own; must divide the number of
     *     channels
     * @param phase when it samples: TRAINING always, INFERENCE never, INPUT as the input training says
     */
    public DeformablePolicyPool(PoolingWindow window, int groups, TrainingPhase phase) {
        this(window, groups, phase, Draw.ANEW, 0);
    }

    private DeformablePolicyPool(PoolingWindow window, int groups, TrainingPhase phase, Draw draw, long seed) {
        super(window,
                options(groups, Objects.requireNonNull(phase, "phase"), Objects.requireNonNull(draw, "draw"), seed));
        checkOptions();
    }

    /**
     * The same operator with a fixed seed.
     *
     * @param seed the key of the draw
     * @return an operator that draws the same whenever it is executed
     */
    public DeformablePolicyPool withSeed(long seed) {
        return new DeformablePolicyPool(window(), groups(), phase(), Draw.SEED, seed);
    }

    /**
     * The same operator with the random numbers as an input u.
     *
     * @return an operator that does not draw
     */
    public DeformablePolicyPool withGivenNumbers() {
        return new DeformablePolicyPool(window(), groups(), phase(), Draw.INPUT, 0);
    }

    /** @return number of groups of channels */
    public int groups() {
        return (int) option(0, "groups", 1, MOST_GROUPS);
    }

    /** @return when it samples */
    public TrainingPhase phase() {
        return option(1, TrainingPhase.class);
    }

    private Draw draw() {
        return option(2, Draw.class);
    }

    private long seed() {
        return option(3, "seed", Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private boolean maySample() {
        return phase() != TrainingPhase.INFERENCE;
    }

    /** The pooling whose factors the policy makes. */
    private DeformableAveragePool pooling() {
        return new DeformableAveragePool(window(), groups(), true, true);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DEFORMABLE_POLICY_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        checkImages();
        groups();
        phase();
        draw();
        seed();
    }

    @Override
    public List<String> inputNames() {
        List<String> names = new ArrayList<>(Arrays.asList("input", "offset", "policy"));
        if (maySample() && draw() == Draw.INPUT) {
            names.add(NUMBERS);
        }
        if (phase() == TrainingPhase.INPUT) {
            names.add(TRAINING);
        }
        return names;
    }

    @Override
    public int differentiableInputs() {
        return 3;
    }

    @Override
    public List<String> outputNames() {
        return maySample() ? Arrays.asList("output", INDEX) : super.outputNames();
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return name.equals(INDEX) ? DataType.INT64 : name.equals(TRAINING) ? DataType.BOOL : type;
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        throw error("offsets and policies depend on the example and cannot be parameters");
    }

    @Override
    public boolean isWeight(String name) {
        return false;
    }

    @Override
    public long[][] furtherShapes(long... inputShape) {
        return pooling().furtherShapes(inputShape);
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        WindowGeometry geometry = geometry(inputs.get(0).shape());
        pooling().checkGroups(geometry);
        long[][] further = furtherShapes(inputs.get(0).shape());
        checkShape("offset", inputs.get(1), further[0]);
        checkShape("policy", inputs.get(2), further[1]);
        long[] index = geometry.outputShape(groups());
        if (inputNames().contains(NUMBERS)) {
            checkShape(NUMBERS, inputs.get(3), index);
        }
        if (phase() == TrainingPhase.INPUT && inputs.get(inputs.size() - 1).length() != 1) {
            throw error(TRAINING + " must be a scalar, got shape "
                    + Arrays.toString(inputs.get(inputs.size() - 1).shape()));
        }
        long[] y = geometry.outputShape();
        return maySample() ? new long[][] {y, index} : new long[][] {y};
    }

    private boolean samples(List<INDArray> inputs) {
        return phase() == TrainingPhase.TRAINING
                || phase() == TrainingPhase.INPUT && inputs.get(inputs.size() - 1).getInt(0) != 0;
    }

    @Override
    void forward(List<INDArray> inputs, INDArray y, Temporaries temporaries) {
        forward(inputs, Arrays.asList(y), temporaries);
    }

    @Override
    void forward(List<INDArray> inputs, List<INDArray> outputs, Temporaries temporaries) {
        boolean samples = samples(inputs);
        if (outputs.size() > 1 && !samples) {
            outputs.get(1).assign(-1);
        }
        INDArray factors = temporaries.like(inputs.get(2));
        choose(inputs, factors, samples ? outputs.get(1) : null);
        pooling().execute(
                Arrays.asList(inputs.get(0), inputs.get(1), factors), Arrays.asList(outputs.get(0)));
    }

    @Override
    void backward(List<INDArray> inputs, INDArray yGradient, List<INDArray> gradients, Temporaries temporaries) {
        backward(inputs, Arrays.asList(), yGradient, gradients, temporaries);
    }

    @Override
    void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries) {
        INDArray index = samples(inputs) ? checked(saved.get(0)) : null;
        INDArray factors = temporaries.like(inputs.get(2));
        if (index == null) {
            choose(inputs, factors, null);
        } else {
            long[] parameters = parameters(inputs.get(0), inputs.get(2), null, factors, index, null);
            Kernels.launch("deformable_policy_pool_repetition", parameters, 1, inputs.get(2), index, factors);
        }
        INDArray factorGradients = temporaries.like(factors);
        pooling().gradient().execute(
                Arrays.asList(inputs.get(0), inputs.get(1), factors, yGradient),
                Arrays.asList(gradients.get(0), gradients.get(1), factorGradients));
        long[] parameters = parameters(inputs.get(0), inputs.get(2), null, factorGradients, index, gradients.get(2));
        Kernels.launch("deformable_policy_pool_gradient", parameters, 1, inputs.get(2), index, factorGradients,
                gradients.get(2));
    }

    /** Writes factors and, where it is not null, draws the index. */
    private void choose(List<INDArray> inputs, INDArray factors, INDArray index) {
        INDArray policy = inputs.get(2);
        INDArray numbers = index != null && draw() == Draw.INPUT ? inputs.get(3) : null;
        long[] parameters = parameters(inputs.get(0), policy, numbers, factors, index, null);
        parameters[5] = draw() == Draw.SEED ? seed() : index == null ? 0 : Nd4j.getRandom().nextLong();
        Kernels.launch("deformable_policy_pool_choice", parameters, 2, policy, numbers, factors, index);
    }

    /** The kernel reads from where an index points. */
    private INDArray checked(INDArray index) {
        int[] kernel = window().kernel();
        long taps = (long) kernel[0] * kernel[1];
        if (!index.isEmpty() && (index.minNumber().longValue() < -1 || index.maxNumber().longValue() >= taps)) {
            throw error("the index must be from -1 to " + (taps - 1) + ", got from " + index.minNumber() + " to "
                    + index.maxNumber());
        }
        return index;
    }

    private long[] parameters(
            INDArray x, INDArray policy, INDArray u, INDArray factors, INDArray index, INDArray gradient) {
        WindowGeometry geometry = geometry(x.shape());
        int[] kernel = window().kernel();
        long[] head = {
            x.size(0), groups(), (long) kernel[0] * kernel[1], geometry.outputSize(0), geometry.outputSize(1), 0
        };
        long[] parameters = Arrays.copyOf(head, head.length + STRIDES * WindowGeometry.STRIDE_WORDS);
        int next = head.length;
        for (INDArray array : new INDArray[] {policy, u, factors, index, gradient}) {
            if (array != null) {
                geometry.writeStridesTo(parameters, next, array.stride());
            }
            next += WindowGeometry.STRIDE_WORDS;
        }
        return parameters;
    }
}
