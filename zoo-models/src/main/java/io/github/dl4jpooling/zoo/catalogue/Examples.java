// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.catalogue;

import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Quantization;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Operators and layers with simple settings, for tables, pictures and tests that cover all of them. They are made from
 * the public constructors and builders, so that a new operator or layer needs no change here.
 */
public final class Examples {
    private final boolean channelsLast;
    private final PoolingWindow window;
    private final int cells;

    private Examples(boolean channelsLast, PoolingWindow window, int cells) {
        this.channelsLast = channelsLast;
        this.window = window;
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
        return new Examples(channelsLast, window(dimensions, channelsLast, 2, 2), 2);
    }

    /**
     * The same with other windows.
     *
     * @param size size of windows along each axis
     * @param stride distance between them
     * @return examples
     */
    public Examples window(int size, int stride) {
        return window(window(window.dimensions(), channelsLast, size, stride));
    }

    /**
     * The same with other windows.
     *
     * @param newWindow windows with as many axes and the same order of axes
     * @return examples
     */
    public Examples window(PoolingWindow newWindow) {
        return new Examples(channelsLast, newWindow, cells);
    }

    /**
     * The same with other grids.
     *
     * @param newCells cells along each axis
     * @return examples
     */
    public Examples cells(int newCells) {
        return new Examples(channelsLast, window, newCells);
    }

    /** @return the window */
    public PoolingWindow window() {
        return window;
    }

    private static PoolingWindow window(int dimensions, boolean channelsLast, int size, int stride) {
        return PoolingWindow.builder(repeated(size, dimensions))
                .stride(repeated(stride, dimensions))
                .channelsLast(channelsLast)
                .build();
    }

    private static int[] repeated(int number, int times) {
        int[] numbers = new int[times];
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
            return window;
        }
        if (type == int[].class) {
            return startsBuilder ? window.kernel() : repeated(cells, window.dimensions());
        }
        if (type == int[][].class) {
            return new int[][] {repeated(cells, window.dimensions())};
        }
        if (type == Quantization.class) {
            return Quantization.ofRange(DataType.UINT8, 0, 1);
        }
        return simple(type);
    }

    private Object simple(Class<?> type) {
        if (type == int.class) {
            return window.kernel()[0];
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
