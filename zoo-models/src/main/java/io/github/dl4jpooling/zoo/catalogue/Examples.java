// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.catalogue;

import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import java.util.Optional;

/**
 * Operators and layers with simple settings, for tables, pictures and tests that cover all of them. They are made from
 * the public constructors and builders, so that a new operator or layer needs no change here.
 */
public final class Examples {
    private final int dimensions;
    private final boolean channelsLast;
    private final int windowSize;
    private final int stride;
    private final int cells;

    private Examples(int dimensions, boolean channelsLast, int windowSize, int stride, int cells) {
        this.dimensions = dimensions;
        this.channelsLast = channelsLast;
        this.windowSize = windowSize;
        this.stride = stride;
        this.cells = cells;
    }

    /**
     * Examples with windows of 2 and stride 2, or grids of 2 cells, along each axis.
     *
     * @param dimensions spatial axes
     * @param channelsLast order of the axes
     * @return examples
     */
    public static Examples of(int dimensions, boolean channelsLast) {
        return new Examples(dimensions, channelsLast, 2, 2, 2);
    }

    /**
     * The same with other windows.
     *
     * @param newWindowSize size of windows along each axis
     * @param newStride distance between them
     * @return examples
     */
    public Examples window(int newWindowSize, int newStride) {
        return new Examples(dimensions, channelsLast, newWindowSize, newStride, cells);
    }

    /**
     * The same with other grids.
     *
     * @param newCells cells along each axis
     * @return examples
     */
    public Examples cells(int newCells) {
        return new Examples(dimensions, channelsLast, windowSize, stride, newCells);
    }

    /** @return the window */
    public PoolingWindow window() {
        return PoolingWindow.builder(repeated(windowSize))
                .stride(repeated(stride))
                .channelsLast(channelsLast)
                .build();
    }

    private int[] repeated(int number) {
        int[] numbers = new int[dimensions];
        Arrays.fill(numbers, number);
        return numbers;
    }

    /**
     * The op of an operator, with its options at their defaults.
     *
     * @param operator the operator
     * @return the op; nothing where no public constructor or builder suits
     */
    public Optional<PoolingOp> op(PoolingOperator operator) {
        Class<? extends PoolingOp> type = operator.newOp().getClass();
        Maker maker = new Maker(this::value);
        Optional<? extends PoolingOp> made = maker.make(type, op -> op.channelsLast() == channelsLast);
        if (made.isEmpty()) {
            made = maker.make(type, op -> true);
        }
        if (made.isEmpty()) {
            made = withoutSettings(operator);
        }
        return made.map(op -> op);
    }

    private static Optional<PoolingOp> withoutSettings(PoolingOperator operator) {
        PoolingOp op = operator.newOp();
        try {
            op.configureFromArguments(); // checks whether it needs any
            return Optional.of(op);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Sizes that start a builder are those of windows; others are numbers of cells. */
    private Object value(Class<?> type, boolean startsBuilder) {
        if (type == PoolingWindow.class) {
            return window();
        }
        if (type == int[].class) {
            return repeated(startsBuilder ? windowSize : cells);
        }
        if (type == int[][].class) {
            return new int[][] {repeated(cells)};
        }
        return simple(type);
    }

    private Object simple(Class<?> type) {
        if (type == int.class) {
            return windowSize;
        }
        if (type == boolean.class) {
            return channelsLast;
        }
        if (type == double.class) {
            return 1.0;
        }
        if (type == double[].class) {
            return new double[] {cells};
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return new Maker((part, startsBuilder) -> part == int.class ? cells : simple(part))
                .build(type, part -> true).orElse(null);
    }

    /**
     * A layer, with its settings at their defaults.
     *
     * @param type configuration class of the layer or vertex
     * @param <T> the class
     * @return the layer; nothing where no public constructor or builder suits
     */
    public <T> Optional<T> layer(Class<T> type) {
        return new Maker(this::value).make(type, layer -> true);
    }
}
