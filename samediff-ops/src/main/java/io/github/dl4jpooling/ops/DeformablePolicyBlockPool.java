// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Objects;

/**
 * Deformable policy pooling of images that predicts its offsets and its policy: a convolution over the input with the
 * window of the pooling gives each window its offsets and logits; then comes {@link DeformablePolicyPool}.
 *
 * <pre>
 * (o, z) = conv(x, weights) + bias       2*G*K channels o, then G*K channels z
 * y = deformable policy pooling of x with offsets o and policy softmax(z)
 * </pre>
 *
 * <p>With weights and bias 0 the offsets are 0 and all places count alike: the expectation is average pooling that
 * counts padding. Padding is 0 for the convolution, in every border mode. {@link TrainingPhase} says when the pooling
 * draws one place instead, see there.
 *
 * <p>Inputs: input {@code [N,C,H,W]} or {@code [N,H,W,C]}, weights {@code [3*G*K,C,kH,kW]} in both cases, bias {@code
 * [3*G*K]}; with {@link TrainingPhase#INPUT} a BOOL scalar training. All but the last have gradients. Outputs as those
 * of {@link DeformablePolicyPool}; types float, double, half, bfloat16.
 *
 * <p>The convolution is ND4J's, whose order of summation may depend on the number of threads.
 *
 * <p>Papers: those of {@link DeformablePolicyPool}.
 */
public final class DeformablePolicyBlockPool extends PredictedPlacesOp {

    /** For SameDiff, which fills in the arguments. */
    public DeformablePolicyBlockPool() {}

    /**
     * One group of channels; the expectation.
     *
     * @param window the window, of two dimensions
     */
    public DeformablePolicyBlockPool(PoolingWindow window) {
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
    public DeformablePolicyBlockPool(PoolingWindow window, int groups, TrainingPhase phase) {
        this(window, groups, phase, false, 0);
    }

    private DeformablePolicyBlockPool(PoolingWindow window, int groups, TrainingPhase phase, boolean seeded,
            long seed) {
        super(window, options(groups, Objects.requireNonNull(phase, "phase"), seeded, seed));
        checkOptions();
    }

    /**
     * The same operator with a fixed seed.
     *
     * @param seed the key of the draw
     * @return an operator that draws the same whenever it is executed
     */
    public DeformablePolicyBlockPool withSeed(long seed) {
        return new DeformablePolicyBlockPool(window(), groups(), inner().phase(), true, seed);
    }

    /** @return the pooling, which gets offsets and policy as inputs */
    public DeformablePolicyPool pooling() {
        DeformablePolicyPool pooling =
                new DeformablePolicyPool(window(), groups(), option(1, TrainingPhase.class));
        long seed = option(3, "seed", Long.MIN_VALUE, Long.MAX_VALUE);
        return flag(2, "seeded") ? pooling.withSeed(seed) : pooling;
    }

    @Override
    DeformablePolicyPool inner() {
        return pooling();
    }

    @Override
    int groups() {
        return (int) option(0, "groups", 1, 1 << 20);
    }

    @Override
    Second second() {
        return Second.LOGIT;
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DEFORMABLE_POLICY_BLOCK_POOL;
    }

    @Override
    long[][] resultShapes(WindowGeometry geometry) {
        long[] y = geometry.outputShape();
        return pooling().outputNames().size() == 1
                ? new long[][] {y}
                : new long[][] {y, geometry.outputShape(groups())};
    }
}
