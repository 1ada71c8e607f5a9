// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Diagonal pooling of images: mean or maximum of every whole diagonal, of every whole antidiagonal, or of both.
 *
 * <pre>
 * MAIN  y[0, d] = mean of x[i, j] with j - i + H - 1 = d   from the lower left corner to the upper right one
 * ANTI  y[0, d] = mean of x[i, j] with i + j = d           from the upper left corner to the lower right one
 * BOTH  MAIN, then ANTI
 * </pre>
 *
 * <p>{@link StripPool} for slanted lines. Diagonals near a corner have few elements, one at the end, so that their
 * means vary more.
 *
 * <p>Input {@code [N,C,H,W]} or {@code [N,H,W,C]}; output {@code [N,C,1,L]} or {@code [N,1,L,C]} with L = H + W - 1,
 * twice that for BOTH; types float, double, half, bfloat16. For MAX there is a second output "index", INT64, of the
 * output's shape: the position of the chosen element in the map of its channel, counted row by row. The first largest
 * element of a line, the uppermost, is chosen and gets the whole gradient. A line with a NaN gives NaN and chooses the
 * first one.
 */
public final class DiagonalPool extends LineOp {

    /** Which diagonals are pooled. */
    public enum Diagonals {
        /** Main diagonals, then antidiagonals. */
        BOTH,
        /** From the upper left to the lower right. */
        MAIN,
        /** From the upper right to the lower left. */
        ANTI
    }

    /** For SameDiff, which fills in the arguments. */
    public DiagonalPool() {}

    /**
     * Both diagonals, channels first.
     *
     * @param type what is taken of a diagonal
     */
    public DiagonalPool(Type type) {
        this(false, type, Diagonals.BOTH);
    }

    /**
     * Everything chosen.
     *
     * @param channelsLast whether the channels are the last axis
     * @param type what is taken of a diagonal
     * @param diagonals which diagonals
     */
    public DiagonalPool(boolean channelsLast, Type type, Diagonals diagonals) {
        super(channelsLast,
                options(Objects.requireNonNull(type, "type"), Objects.requireNonNull(diagonals, "diagonals")));
    }

    /** @return which diagonals are pooled */
    public Diagonals diagonals() {
        return option(1, Diagonals.class);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DIAGONAL_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        diagonals();
    }

    @Override
    List<Level> levels(long height, long width) {
        List<Level> levels = new ArrayList<>();
        long lines = height + width - 1;
        if (diagonals() != Diagonals.ANTI) {
            levels.add(Level.whole(lines, 1 - height, Orientation.DIAGONAL, height));
        }
        if (diagonals() != Diagonals.MAIN) {
            levels.add(Level.whole(lines, 0, Orientation.ANTIDIAGONAL, height));
        }
        return levels;
    }
}
