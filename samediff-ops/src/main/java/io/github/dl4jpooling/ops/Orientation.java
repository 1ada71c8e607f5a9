// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Direction of a line of an image. */
public enum Orientation {
    /** Along a row, to the right. */
    HORIZONTAL(0, 1),
    /** Along a column, downwards. */
    VERTICAL(1, 0),
    /** Downwards and to the right. */
    DIAGONAL(1, 1),
    /** Downwards and to the left. */
    ANTIDIAGONAL(1, -1);

    private final int rows;
    private final int columns;

    Orientation(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /** Rows from one element of the line to the next. */
    int rows() {
        return rows;
    }

    /** Columns from one element of the line to the next. */
    int columns() {
        return columns;
    }
}
