// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import java.util.Objects;

/**
 * Inverse bilateral pooling: the core of detail-preserving pooling with the smoothed map as an input, {@code y =
 * sum_i w_i x_i / sum_i w_i}.
 *
 * <pre>
 * w_i = exp(alpha) + (s_i / n)^(exp(lambda) / 2),   s_i = z_i^2 + epsilon,   z_i = x_i - tilde, or max(0, x_i - tilde)
 * </pre>
 *
 * <p>For smoothed maps of your own making, one value a window; {@link DppPool} takes the mean of the window. All
 * inputs have exact gradients. Settings: {@link DetailPreserving}.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. Further inputs: tilde of the output's shape, alpha and lambda of shape [C]. A window that holds a NaN
 * gives NaN; differences whose square is beyond the largest number of the type do as well.
 *
 * <p>Paper: F. Saeedan, N. Weber, M. Goesele, S. Roth: "Detail-preserving pooling in deep networks", CVPR 2018.
 */
public final class InverseBilateralPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public InverseBilateralPool() {}

    /**
     * With the settings of the paper.
     *
     * @param window the window
     */
    public InverseBilateralPool(PoolingWindow window) {
        this(window, new DetailPreserving());
    }

    /**
     * Chooses the settings.
     *
     * @param window the window
     * @param settings variant, normalisation, epsilon
     */
    public InverseBilateralPool(PoolingWindow window, DetailPreserving settings) {
        super(window, options(Objects.requireNonNull(settings, "settings").variant(), settings.normalisation()),
                settings.epsilon());
    }

    /** @return variant, normalisation, epsilon */
    public DetailPreserving settings() {
        return DetailPreserving.of(this);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.INVERSE_BILATERAL_POOL;
    }

    @Override
    public List<WindowInput> furtherInputs() {
        return List.of(
                WindowInput.parameter("tilde", Sharing.ELEMENT),
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
