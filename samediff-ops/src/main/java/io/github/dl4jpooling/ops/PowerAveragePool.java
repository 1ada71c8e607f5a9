// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import java.util.Objects;

/**
 * Power-average pooling: the power mean of the magnitudes of each window, {@code y = (mean_i |x_i|^p)^(1/p)}, with a
 * learnable power p, one for the layer or one a channel.
 *
 * <p>p = 1 is the mean of magnitudes, large p the largest magnitude: the network finds its place between average and
 * maximum pooling. Not the right choice where the sign of activations matters.
 *
 * <pre>
 * dy/dx_i = sign(x_i) (|x_i| / y)^(p-1) / N,   dy/dp = y (sum_i |x_i|^p ln|x_i| / (N p m) - ln(m) / p^2),  m = y^p
 * </pre>
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. A second input p of shape [1] or [C]. Powers below 1/64 count as 1/64, with gradient 0. Windows of zeros
 * have value 0 and gradients 0. Powers are taken relative to the largest magnitude. A window that holds a NaN gives
 * NaN.
 *
 * <p>Paper: C. Gulcehre, K. Cho, R. Pascanu, Y. Bengio: "Learned-norm pooling for deep feedforward and recurrent neural
 * networks", ECML 2014.
 */
public final class PowerAveragePool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public PowerAveragePool() {}

    /**
     * One power for the layer.
     *
     * @param window the window
     */
    public PowerAveragePool(PoolingWindow window) {
        this(window, Sharing.LAYER);
    }

    /**
     * Chooses who shares a power.
     *
     * @param window the window
     * @param sharing which windows share a power: {@link Sharing#LAYER}, {@link Sharing#CHANNEL} or another
     */
    public PowerAveragePool(PoolingWindow window, Sharing sharing) {
        super(window, options(Objects.requireNonNull(sharing, "sharing")));
    }

    /** @return which windows share a power */
    public Sharing sharing() {
        return option(0, Sharing.class);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.POWER_AVERAGE_POOL;
    }

    @Override
    public List<WindowInput> furtherInputs() {
        return List.of(WindowInput.parameter("p", sharing()));
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        sharing();
    }
}
