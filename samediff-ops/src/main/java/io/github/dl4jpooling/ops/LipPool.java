// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;

/**
 * Local importance-based pooling (LIP): the mean of each window, weighted by the exponentials of a second map,
 * {@code y = sum_i w_i x_i}, {@code w = softmax of the logits in the window}.
 *
 * <p>The logits come from a small network on x, so that the pooling learns what is worth keeping. They decide what
 * it is: logits x give {@link SoftPool}, constant ones average pooling, 20 x nearly maximum pooling. The layer with
 * its own logit network is built on {@link LipBlockPool}.
 *
 * <pre>
 * dy/dx_i = w_i,   dy/dlogit_i = w_i (x_i - y)
 * </pre>
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. A second input logit of the input's shape. Exponentials are taken relative to the largest logit of the
 * window, so that logits of any size are safe. An element with logit -infinity is left out, whatever it is; a window
 * of these alone gives 0. A NaN among logits, or among elements that weigh something, gives NaN.
 *
 * <p>Paper: Z. Gao, L. Wang, G. Wu: "LIP: local importance-based pooling", ICCV 2019.
 */
public final class LipPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public LipPool() {}

    /** @param window the window */
    public LipPool(PoolingWindow window) {
        super(window);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.LIP_POOL;
    }

    @Override
    public List<WindowInput> furtherInputs() {
        return List.of(WindowInput.elements("logit"));
    }
}
