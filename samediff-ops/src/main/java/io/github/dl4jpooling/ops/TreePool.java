// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Tree pooling: learned filters of the window, mixed by a tree of learned gates.
 *
 * <p>Leaves are inner products {@code f_m = <v_m, x>}; an internal node is {@code q f_left + (1 - q) f_right} with
 * {@code q = sigmoid(<w, x>)}. Level 1 has two leaves and one gate (27 numbers for 3x3), level 2 four leaves and
 * three gates. All masks are shared by the channels; there is no bias. Places outside the map add nothing. More
 * freedom than {@link GatedPool}, and more to learn; the first layers of a network profit most.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. Further inputs: v, the leaves, [2,kernel] or [4,kernel], and w, the gates, [1,kernel] or [3,kernel]: first
 * the gates of the leaves from left to right, the root last. A window that holds a NaN gives NaN.
 *
 * <p>Paper: C.-Y. Lee, P. Gallagher, Z. Tu: "Generalizing pooling functions in convolutional neural networks: mixed,
 * gated, and tree", AISTATS 2016.
 */
public final class TreePool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public TreePool() {}

    /**
     * A tree of level 1.
     *
     * @param window the window
     */
    public TreePool(PoolingWindow window) {
        this(window, 1);
    }

    /**
     * Chooses the level.
     *
     * @param window the window
     * @param levels 1 or 2
     */
    public TreePool(PoolingWindow window, int levels) {
        super(window, options(levels));
        checkOptions();
    }

    /** @return levels of gates */
    public int levels() {
        return (int) option(0, "levels", 1, 2);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.TREE_POOL;
    }

    @Override
    public List<WindowInput> furtherInputs() {
        int leaves = 1 << levels();
        return List.of(
                WindowInput.masks("v", Sharing.LAYER, leaves), WindowInput.masks("w", Sharing.LAYER, leaves - 1));
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        levels();
    }

    @Override
    protected String kernel(List<INDArray> inputs) {
        return operator().stem() + "_" + levels();
    }
}
