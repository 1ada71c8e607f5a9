// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * How a region of a map is pooled: into how many cells, how boxes and map relate, and where the channels stand.
 * Immutable.
 *
 * <pre>{@code
 * RegionGrid.builder(7, 7).spatialScale(1 / 16.0).build()     // maps [N,C,H,W] of one sixteenth of the image
 * RegionGrid.builder(3, 5).channelsLast(true).build()         // maps [N,H,W,C], boxes in elements of the map
 * }</pre>
 *
 * <p>Defaults: scale 1, channels first.
 */
public final class RegionGrid {

    static final int ARGUMENTS = 3;

    private static final int LARGEST = 1024;

    private final int rows;
    private final int columns;
    private final double spatialScale;
    private final boolean channelsLast;

    private RegionGrid(Builder builder) {
        rows = builder.rows;
        columns = builder.columns;
        spatialScale = builder.spatialScale;
        channelsLast = builder.channelsLast;
    }

    /**
     * Starts a grid.
     *
     * @param rows cells of a region along the height, 1 to 1024
     * @param columns cells of a region along the width, 1 to 1024
     * @return a builder with the defaults above
     */
    public static Builder builder(int rows, int columns) {
        return new Builder(rows, columns);
    }

    /** @return cells of a region along the height */
    public int rows() {
        return rows;
    }

    /** @return cells of a region along the width */
    public int columns() {
        return columns;
    }

    /** @return size of the map divided by that of the image whose coordinates the boxes have */
    public double spatialScale() {
        return spatialScale;
    }

    /** @return whether the channels are the last axis of maps, outputs, offsets and masks */
    public boolean channelsLast() {
        return channelsLast;
    }

    /**
     * Shape of a map, or an array like one, in this grid's order of axes.
     *
     * @param batch number of images or of regions
     * @param channels number of channels
     * @param height number of rows
     * @param width number of columns
     * @return the shape
     */
    public long[] shape(long batch, long channels, long height, long width) {
        return channelsLast ? new long[] {batch, height, width, channels} : new long[] {batch, channels, height, width};
    }

    /** Batch, channels, height, width of sizes or strides in this grid's order of axes. */
    long[] channelsFirst(long[] axes) {
        return channelsLast ? new long[] {axes[0], axes[3], axes[1], axes[2]} : axes.clone();
    }

    /** The whole numbers of the grid as arguments of an op; the scale is its first real argument. */
    long[] toArguments() {
        return new long[] {rows, columns, channelsLast ? 1 : 0};
    }

    /** Checks all it reads: the arguments may come from a damaged file. */
    static RegionGrid fromArguments(long[] arguments, double[] realArguments) {
        if (arguments.length < ARGUMENTS || realArguments.length < 1) {
            throw new IllegalArgumentException("a region grid has " + ARGUMENTS
                    + " whole arguments and a real one, got " + arguments.length + " and " + realArguments.length);
        }
        return builder(size(arguments[0]), size(arguments[1]))
                .spatialScale(realArguments[0])
                .channelsLast(arguments[2] != 0)
                .build();
    }

    private static int size(long argument) {
        return (int) Math.max(-1, Math.min(argument, LARGEST + 1));
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof RegionGrid)) {
            return false;
        }
        RegionGrid grid = (RegionGrid) other;
        return rows == grid.rows && columns == grid.columns && spatialScale == grid.spatialScale
                && channelsLast == grid.channelsLast;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * rows + columns) + Double.hashCode(spatialScale) + (channelsLast ? 1 : 0);
    }

    @Override
    public String toString() {
        return "RegionGrid(rows=" + rows + ", columns=" + columns + ", spatialScale=" + spatialScale
                + ", channelsLast=" + channelsLast + ")";
    }

    /** Collects the settings of a {@link RegionGrid}. */
    public static final class Builder {
        private final int rows;
        private final int columns;
        private double spatialScale = 1;
        private boolean channelsLast;

        private Builder(int rows, int columns) {
            this.rows = rows;
            this.columns = columns;
        }

        /**
         * @param spatialScale size of the map divided by that of the image, greater than 0 and finite; default 1
         * @return this
         */
        public Builder spatialScale(double spatialScale) {
            this.spatialScale = spatialScale;
            return this;
        }

        /**
         * @param channelsLast true for NHWC maps; default false
         * @return this
         */
        public Builder channelsLast(boolean channelsLast) {
            this.channelsLast = channelsLast;
            return this;
        }

        /**
         * @return the grid
         * @throws IllegalArgumentException if a setting is out of range; the message names it, its value and the range
         */
        public RegionGrid build() {
            check("rows", rows);
            check("columns", columns);
            if (!(spatialScale > 0 && spatialScale <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "spatialScale must be greater than 0 and finite, got " + spatialScale);
            }
            return new RegionGrid(this);
        }

        private static void check(String name, int size) {
            if (size < 1 || size > LARGEST) {
                throw new IllegalArgumentException(
                        name + " of a region grid must be from 1 to " + LARGEST + ", got " + size);
            }
        }
    }
}
