// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A box in an image: corners in pixels, pixel i of an axis reaching from i to i + 1.
 *
 * <p>The step from one box to another is four numbers, those of Fast R-CNN: with P the box and G its target, (centre of
 * G - centre of P) / size of P for x and y, then ln(size of G / size of P) for width and height; the first two divided
 * by 0.1, the others by 0.2, so that a network learns numbers around 1.
 *
 * <p>Paper: R. Girshick: "Fast R-CNN", ICCV 2015; the divisors are those of its code.
 */
public final class Box {
    /** Numbers of a step. */
    public static final int STEP_NUMBERS = 4;

    private static final double SHIFT_UNIT = 0.1;
    private static final double SIZE_UNIT = 0.2;
    private static final double LARGEST_GROWTH = Math.log(1000 / 16.0);

    private final double x1;
    private final double y1;
    private final double x2;
    private final double y2;

    /**
     * @param x1 left
     * @param y1 top
     * @param x2 right
     * @param y2 bottom
     */
    @JsonCreator
    public Box(@JsonProperty("x1") double x1, @JsonProperty("y1") double y1, @JsonProperty("x2") double x2,
            @JsonProperty("y2") double y2) {
        this.x1 = x1;
        this.y1 = y1;
        this.x2 = x2;
        this.y2 = y2;
    }

    /** @return left */
    public double x1() {
        return x1;
    }

    /** @return top */
    public double y1() {
        return y1;
    }

    /** @return right */
    public double x2() {
        return x2;
    }

    /** @return bottom */
    public double y2() {
        return y2;
    }

    /** @return right minus left */
    public double width() {
        return x2 - x1;
    }

    /** @return bottom minus top */
    public double height() {
        return y2 - y1;
    }

    /**
     * @param size width and height of an image
     * @return the part of this box within the image
     */
    public Box within(double size) {
        return new Box(clip(x1, size), clip(y1, size), clip(x2, size), clip(y2, size));
    }

    private static double clip(double value, double size) {
        return Math.max(0, Math.min(size, value));
    }

    /**
     * Intersection over union.
     *
     * @param other another box
     * @return area of the intersection divided by that of the union: 1 for equal boxes, 0 for boxes apart or empty;
     *     NaN where a corner is
     */
    public double iou(Box other) {
        double columns = Math.max(0, Math.min(x2, other.x2) - Math.max(x1, other.x1));
        double rows = Math.max(0, Math.min(y2, other.y2) - Math.max(y1, other.y1));
        double both = columns * rows;
        double union = width() * height() + other.width() * other.height() - both;
        return union == 0 ? 0 : both / union;
    }

    /**
     * @param target the box to get to; neither is empty
     * @return the step, see above
     */
    public double[] stepTo(Box target) {
        return new double[] {
            (target.x1 + target.x2 - x1 - x2) / 2 / width() / SHIFT_UNIT,
            (target.y1 + target.y2 - y1 - y2) / 2 / height() / SHIFT_UNIT,
            Math.log(target.width() / width()) / SIZE_UNIT,
            Math.log(target.height() / height()) / SIZE_UNIT};
    }

    /**
     * Goes a step; the inverse of {@link #stepTo}.
     *
     * @param step a step, see above; no side grows more than 62.5 times, as in the paper's code
     * @return where it ends
     */
    public Box moved(double... step) {
        double x = (x1 + x2) / 2 + step[0] * SHIFT_UNIT * width();
        double y = (y1 + y2) / 2 + step[1] * SHIFT_UNIT * height();
        double halfWidth = width() / 2 * Math.exp(Math.min(LARGEST_GROWTH, step[2] * SIZE_UNIT));
        double halfHeight = height() / 2 * Math.exp(Math.min(LARGEST_GROWTH, step[3] * SIZE_UNIT));
        return new Box(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
    }

    @Override
    public String toString() {
        return "(" + x1 + ", " + y1 + ") to (" + x2 + ", " + y2 + ")";
    }
}
