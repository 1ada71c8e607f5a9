// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.integrationtests.oracle.WindowOracle;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;

/** A window, a type, a shape and memory layouts, for any operator with its default options. */
public final class WindowCase {

    private static final double DEVIATION = 2;

    private final PoolingWindow window;
    private final DataType type;
    private final int[] shape; // batch, channels, spatial sizes
    private final ArrayLayout[] layouts = {ArrayLayout.DENSE, ArrayLayout.DENSE, ArrayLayout.DENSE};

    /**
     * @param window the window
     * @param type element type of all arrays
     * @param shape batch, channels and spatial sizes, whatever the window's order of axes
     */
    public WindowCase(PoolingWindow window, DataType type, int... shape) {
        this.window = window;
        this.type = type;
        this.shape = shape.clone();
    }

    /**
     * Sets the memory layouts, which otherwise are dense.
     *
     * @param input of the inputs
     * @param gradient of the gradient of the output
     * @param output of the outputs and of the gradients of the inputs
     * @return this
     */
    public WindowCase layouts(ArrayLayout input, ArrayLayout gradient, ArrayLayout output) {
        layouts[0] = input;
        layouts[1] = gradient;
        layouts[2] = output;
        return this;
    }

    /** How many spatial axes there are. */
    public int dimensions() {
        return window.dimensions();
    }

    /** Runs the case on random numbers. */
    public void check(PoolingOperator operator) {
        run(operator).check();
    }

    /** The case on random numbers. */
    public OperatorRun run(PoolingOperator operator) {
        return run(operator, PlainArray.gaussian(new Random(Arrays.hashCode(shape)), DEVIATION, shape));
    }

    /** Runs the case on given numbers. */
    public void check(PoolingOperator operator, PlainArray x) {
        run(operator, x).check();
    }

    private OperatorRun run(PoolingOperator operator, PlainArray x) {
        WindowOracle oracle = Conventions.windowOracle(operator);
        WindowOp op = oracle.op(window, null);
        OracleCase numbers = new OracleCase(op, oracle.inputs(op, new Random(1), x));
        return new OperatorRun(oracle, numbers, type).layouts(layouts[0], layouts[1], layouts[2]);
    }

    @Override
    public String toString() {
        return type + " [N, C, spatial] = " + Arrays.toString(shape) + ", " + window + ", layouts "
                + Arrays.toString(layouts);
    }
}
