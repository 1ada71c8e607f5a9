// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Oriented pooling of images: mean or maximum of windows that are lines, one element thick.
 *
 * <pre>
 * elements of output (i, j):  (i sH + t dy, j sW + t dx)   for t from -floor(n / 2) to n - 1 - floor(n / 2)
 * (dy, dx) = (0, 1) HORIZONTAL, (1, 0) VERTICAL, (1, 1) DIAGONAL, (1, -1) ANTIDIAGONAL
 * </pre>
 *
 * <p>Finds bars, edges, strokes and roads of one direction, which a square window of the same area mixes with what lies
 * beside them. Use one operator for each direction side by side; not the right choice for textures and blobs, which
 * have none.
 *
 * <p>Input {@code [N,C,H,W]} or {@code [N,H,W,C]}; output the same with ceil(H / sH) and ceil(W / sW) for H and W;
 * types float, double, half, bfloat16. The length n is any number from 1; elements outside the image are left out, and
 * a mean divides by the number of those inside. For MAX there is a second output "index", INT64, of the output's shape:
 * the position of the chosen element in the map of its channel, counted row by row. The first largest element of a line
 * (smallest t) is chosen and gets the whole gradient. A line with a NaN gives NaN and chooses the first one.
 *
 * <p>Related: the strips of Q. Hou et al., "Strip Pooling", CVPR 2020, which are lines as long as the image: {@link
 * StripPool}.
 */
public final class OrientedPool extends LineOp {

    /** For SameDiff, which fills in the arguments. */
    public OrientedPool() {}

    /**
     * Means with stride 1, channels first.
     *
     * @param orientation direction of the lines
     * @param length number of elements of a line, at least 1
     */
    public OrientedPool(Orientation orientation, int length) {
        this(false, Type.AVG, orientation, length, 1, 1);
    }

    /**
     * Everything chosen.
     *
     * @param channelsLast whether the channels are the last axis
     * @param type what is taken of a line
     * @param orientation direction of the lines
     * @param length number of elements of a line, at least 1
     * @param stride rows and columns from one line to the next: two numbers, at least 1, or one for both
     */
    public OrientedPool(boolean channelsLast, Type type, Orientation orientation, int length, int... stride) {
        super(channelsLast, numbers(type, orientation, length, stride));
    }

    private static long[] numbers(Type type, Orientation orientation, int length, int... stride) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(orientation, "orientation");
        if (Objects.requireNonNull(stride, "stride").length < 1 || stride.length > 2) {
            throw new IllegalArgumentException(PoolingOperator.ORIENTED_POOL.title()
                    + ": the stride must be one number or two, got " + Arrays.toString(stride));
        }
        return options(type, orientation, length, stride[0], stride[stride.length - 1]);
    }

    /** @return direction of the lines */
    public Orientation orientation() {
        return option(1, Orientation.class);
    }

    /** @return number of elements of a line */
    public long length() {
        return option(2, "length", 1, Integer.MAX_VALUE);
    }

    /** @return rows and columns from one line to the next */
    public long[] stride() {
        return sizes(3, 2, "stride");
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.ORIENTED_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        orientation();
        length();
        stride();
    }

    private long[] outputSize(long height, long width) {
        long[] stride = stride();
        return new long[] {(height + stride[0] - 1) / stride[0], (width + stride[1] - 1) / stride[1]};
    }

    @Override
    List<Level> levels(long height, long width) {
        long reach = Math.max(height, width) - 1; // nothing farther away is inside
        long before = length() / 2;
        long behind = length() - 1 - before;
        return Collections.singletonList(new Level(outputSize(height, width), new long[2], stride(), orientation(),
                -Math.min(before, reach), Math.min(behind, reach) + 1));
    }
}
