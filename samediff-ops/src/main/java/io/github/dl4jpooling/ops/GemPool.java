// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import java.util.Objects;

/**
 * Generalised-mean (GeM) pooling: {@code y = (mean_i max(x_i, epsilon)^p)^(1/p)}, with a learnable power p, one for
 * the layer or one a channel.
 *
 * <p>The usual pooling of image retrieval, over the whole map (a window of its size), with p = 3 at first; windows
 * work as well. Negative activations are clamped, not rectified: they get no gradient. See {@link PowerAveragePool}
 * for magnitudes.
 *
 * <pre>
 * dy/dx_i = (x_i / y)^(p-1) / N for x_i &gt;= epsilon, else 0
 * </pre>
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. A second input p of shape [1] or [C]. Powers below 1/64 count as 1/64, with gradient 0. A window that
 * holds a NaN gives NaN.
 *
 * <p>Paper: F. Radenovic, G. Tolias, O. Chum: "Fine-tuning CNN image retrieval with no human annotation", TPAMI 2019.
 */
public final class GemPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public GemPool() {}

    /**
     * One power for the layer, epsilon 1e-6.
     *
     * @param window the window
     */
    public GemPool(PoolingWindow window) {
        this(window, Sharing.LAYER, 1e-6);
    }

    /**
     * Chooses who shares a power.
     *
     * @param window the window
     * @param sharing which windows share a power: {@link Sharing#LAYER}, {@link Sharing#CHANNEL} or another
     * @param epsilon least value of an element, more than 0
     */
    public GemPool(PoolingWindow window, Sharing sharing, double epsilon) {
        super(window, options(Objects.requireNonNull(sharing, "sharing")), epsilon);
        checkOptions();
    }

    /** @return which windows share a power */
    public Sharing sharing() {
        return option(0, Sharing.class);
    }

    /** @return least value of an element */
    public double epsilon() {
        return realOption(0, "epsilon", 1e-30, 1e30);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.GEM_POOL;
    }

    @Override
    public List<WindowInput> furtherInputs() {
        return List.of(WindowInput.parameter("p", sharing()));
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        sharing();
        epsilon();
    }

    @Override
    protected long[] kernelOptions() {
        return new long[] {bits(epsilon())};
    }
}
