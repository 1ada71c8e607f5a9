// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import java.util.Objects;

/**
 * Detail-preserving pooling (DPP), lite: a mean in which elements weigh more the further they are from the mean of
 * their window, {@code y = sum_i w_i x_i / sum_i w_i}.
 *
 * <pre>
 * w_i = exp(alpha) + (s_i / n)^(exp(lambda) / 2),   s_i = z_i^2 + epsilon,   z_i = x_i - mean, or max(0, x_i - mean)
 * </pre>
 *
 * <p>Keeps small structures that averaging would wash out, and falls back to the average in flat regions. alpha and
 * lambda, one pair a channel, are learned; both are logarithms, and exp(alpha) counts as 10 above 10, with gradient
 * 0. n is 1, or the mean or the sum of s over the window ({@link DetailPreserving}): the authors published both
 * besides the paper's formula, and they differ by far. With a learned smoothed map in place of the mean see {@link
 * InverseBilateralPool}.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. Further inputs alpha and lambda of shape [C]. Weights are computed relative to the largest one of the
 * window. A window of equal elements gives these. A window that holds a NaN gives NaN; differences whose square is
 * beyond the largest number of the type do as well.
 *
 * <p>Paper: F. Saeedan, N. Weber, M. Goesele, S. Roth: "Detail-preserving pooling in deep networks", CVPR 2018.
 */
public final class DppPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public DppPool() {}

    /**
     * With the settings of the paper.
     *
     * @param window the window
     */
    public DppPool(PoolingWindow window) {
        this(window, new DetailPreserving());
    }

    /**
     * Chooses the settings.
     *
     * @param window the window
     * @param settings variant, normalisation, epsilon
     */
    public DppPool(PoolingWindow window, DetailPreserving settings) {
        super(window, options(Objects.requireNonNull(settings, "settings").variant(), settings.normalisation()),
                settings.epsilon());
    }

    /** @return variant, normalisation, epsilon */
    public DetailPreserving settings() {
        return DetailPreserving.of(this);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DPP_POOL;
    }

    @Override
    public List<WindowInput> furtherInputs() {
        return List.of(
                WindowInput.parameter("alpha", Sharing.CHANNEL), WindowInput.parameter("lambda", Sharing.CHANNEL));
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        settings();
    }

    @Override
    protected long[] kernelOptions() {
        return settings().kernelOptions();
    }
}
