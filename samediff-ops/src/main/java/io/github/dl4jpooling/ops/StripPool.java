// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Strip pooling of images: mean or maximum of every row, of every column, or of both.
 *
 * <pre>
 * HORIZONTAL  y[i, 0] = mean of x[i, :]           a map of H x 1
 * VERTICAL    y[0, j] = mean of x[:, j]           a map of 1 x W
 * BOTH        the rows, behind them the columns   a map of 1 x (H + W)
 * </pre>
 *
 * <p>Gives each place a view along its whole row and column at the price of a line: long, thin things such as roads and
 * fences, and context across the image. It says nothing about where on the line something is; {@link StripAttention}
 * puts rows and columns together again.
 *
 * <p>Input {@code [N,C,H,W]} or {@code [N,H,W,C]}; output the same with the sizes above for H and W; types float,
 * double, half, bfloat16. For MAX there is a second output "index", INT64, of the output's shape: the position of the
 * chosen element in the map of its channel, counted row by row. The first largest element of a line is chosen and gets
 * the whole gradient. A line with a NaN gives NaN and chooses the first one.
 *
 * <p>Paper: Q. Hou, L. Zhang, M.-M. Cheng, J. Feng: "Strip Pooling: Rethinking Spatial Pooling for Scene Parsing",
 * CVPR 2020.
 */
public final class StripPool extends LineOp {

    /** Which strips are pooled. */
    public enum Strips {
        /** Rows, then columns. */
        BOTH,
        /** Rows. */
        HORIZONTAL,
        /** Columns. */
        VERTICAL
    }

    /** For SameDiff, which fills in the arguments. */
    public StripPool() {}

    /**
     * Rows and columns, channels first.
     *
     * @param type what is taken of a strip
     */
    public StripPool(Type type) {
        this(false, type, Strips.BOTH);
    }

    /**
     * Everything chosen.
     *
     * @param channelsLast whether the channels are the last axis
     * @param type what is taken of a strip
     * @param strips which strips
     */
    public StripPool(boolean channelsLast, Type type, Strips strips) {
        super(channelsLast, options(Objects.requireNonNull(type, "type"), Objects.requireNonNull(strips, "strips")));
    }

    /** @return which strips are pooled */
    public Strips strips() {
        return option(1, Strips.class);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.STRIP_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        strips();
    }

    @Override
    List<Level> levels(long height, long width) {
        List<Level> levels = new ArrayList<>();
        if (strips() != Strips.VERTICAL) {
            levels.add(Level.whole(height, 0, Orientation.HORIZONTAL, width));
        }
        if (strips() != Strips.HORIZONTAL) {
            levels.add(Level.whole(width, 0, Orientation.VERTICAL, height));
        }
        return levels;
    }
}
