// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Maximum pooling: the largest element of each window, {@code y = max_i x_i}, and its position.
 *
 * <p>Keeps the strongest response whatever surrounds it; the usual choice behind a rectifier. Not the right choice
 * where every element should get a gradient (see {@link SoftPool}, {@link LipPool}) or where noise has heavy tails.
 * Unlike ND4J's own operator it takes NaN seriously, has a ceil mode and gives the position, for {@link MaxUnpool}.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. A second output {@code index}, INT64, of the same shape holds the position of the chosen element in the
 * spatial map of its example and channel, row by row ({@code y * W + x} for images), or -1 for a window without
 * elements.
 *
 * <p>The first maximum of a window, row by row, gets the whole gradient. A window that holds a NaN gives NaN, and its
 * first NaN is chosen; one of -infinity alone gives -infinity.
 */
public final class MaxPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public MaxPool() {}

    /** @param window the window */
    public MaxPool(PoolingWindow window) {
        super(window);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.MAX_POOL;
    }

    @Override
    protected boolean hasIndex() {
        return true;
    }
}
