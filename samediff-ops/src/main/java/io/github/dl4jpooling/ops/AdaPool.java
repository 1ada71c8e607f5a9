// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import java.util.Objects;

/**
 * Adaptive exponential pooling (AdaPool): a learned mix of {@link EdscwPool} and {@link SoftPool}, {@code y = beta
 * eDSCW(x) + (1 - beta) soft(x)}.
 *
 * <p>beta, one for each place of the output map as in the paper, or shared otherwise, says how much the mean of the
 * window matters against its largest elements. It is not kept in [0, 1] here; the authors clamp it when they create
 * it. With one beta a place the layer's map size is fixed; choose {@link Sharing#CHANNEL} or {@link Sharing#LAYER}
 * for images of any size.
 *
 * <p>{@code dy/dbeta = eDSCW(x) - soft(x)}; the gradient of x is the exact derivative.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank with
 * the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a window.
 * A second input beta, whose shape {@link Sharing} gives. A window that holds a NaN gives NaN.
 *
 * <p>Paper: A. Stergiou, R. Poppe: "AdaPool: exponential adaptive pooling for information-retaining downsampling",
 * IEEE TIP 32, 2023.
 */
public final class AdaPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public AdaPool() {}

    /**
     * One beta for each place of the output map.
     *
     * @param window the window
     */
    public AdaPool(PoolingWindow window) {
        this(window, Sharing.REGION);
    }

    /**
     * Chooses who shares a beta.
     *
     * @param window the window
     * @param sharing which windows share a beta
     */
    public AdaPool(PoolingWindow window, Sharing sharing) {
        super(window, options(Objects.requireNonNull(sharing, "sharing")));
    }

    /** @return which windows share a beta */
    public Sharing sharing() {
        return option(0, Sharing.class);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.ADA_POOL;
    }

    @Override
    public List<WindowInput> furtherInputs() {
        return List.of(WindowInput.parameter("beta", sharing()));
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        sharing();
    }
}
