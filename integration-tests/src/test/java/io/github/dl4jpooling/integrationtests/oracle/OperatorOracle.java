// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * The definition of an operator in plain loops, slowly; shares no code with the kernels. One subclass an operator,
 * named like it ({@code RoiAlignOracle}), with a constructor without arguments. Arrays are channels first (N, C,
 * spatial), whatever the op's order of axes.
 */
public abstract class OperatorOracle {

    private static final double STEP = 1e-5;
    private static final double KINK = 1e-3; // difference of the slopes on both sides

    /** A small case drawn at random; many draws cover all options, both orders of axes, odd and prime sizes. */
    public abstract OracleCase draw(Random random);

    /** All outputs. */
    public abstract PlainArray[] outputs(PoolingOp op, PlainArray... inputs);

    /**
     * Gradients of the differentiable inputs. Here: central differences of the sum of output times yGradient, NaN where
     * the function has a kink, which stands for "not known".
     */
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray[] gradients = new PlainArray[op.differentiableInputs()];
        double here = loss(op, yGradient, inputs);
        for (int input = 0; input < gradients.length; input++) {
            gradients[input] = PlainArray.zeros(inputs[input].shape());
            double[] values = inputs[input].values();
            for (int i = 0; i < values.length; i++) {
                gradients[input].values()[i] = derivative(values, i, here, () -> loss(op, yGradient, inputs));
            }
        }
        return gradients;
    }

    /** Central difference of a function, which has a value here, for a number that it reads; NaN at a kink. */
    static double derivative(double[] values, int i, double here, DoubleSupplier function) {
        double value = values[i];
        values[i] = value + STEP;
        double above = (function.getAsDouble() - here) / STEP;
        values[i] = value - STEP;
        double below = (here - function.getAsDouble()) / STEP;
        values[i] = value;
        boolean smooth = Math.abs(above - below) <= KINK * (1 + Math.abs(above));
        return smooth ? (above + below) / 2 : Double.NaN;
    }

    private double loss(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        double[] y = outputs(op, inputs)[0].values();
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += y[i] * yGradient.values()[i];
        }
        return sum;
    }

    /** Whether {@link #gradients} are exact up to rounding; central differences are not. */
    public boolean hasExactGradients() {
        return false;
    }

    /** How many times larger than those of a sum of 100 terms the rounding errors of the kernels may be. */
    public double errorFactor() {
        return 1;
    }

    /** Whether an element of a differentiable input may change a little; an image number, which is whole, may not. */
    public boolean isContinuous(PoolingOp op, int input, int element) {
        return true;
    }

    /** Names under which golden vectors of this operator stand. */
    public List<String> goldenNames() {
        return Collections.emptyList();
    }

    /**
     * Whether a golden case is one of this operator. The names may have the case's type behind them:
     * "local_agg_pool2d/min".
     */
    public boolean accepts(GoldenCase golden) {
        return goldenNames().contains(golden.operator())
                || goldenNames().contains(golden.operator() + "/" + golden.type());
    }

    /** The op for a golden case. */
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        throw new IllegalArgumentException("there are no golden vectors of " + getClass().getSimpleName());
    }

    /** Name in golden files of an input or output of the op. */
    public String goldenName(String name) {
        return name.equals("input") ? "x" : name.equals("output") ? "y" : name;
    }

    /** An input of a golden case, by its name in the op. */
    public PlainArray goldenInput(GoldenCase golden, String name) {
        return golden.array(goldenName(name));
    }

    /** An output of a golden case, or its gradient (d_y), by its name in golden files. */
    public PlainArray goldenArray(GoldenCase golden, String name) {
        return golden.array(name);
    }

    /** Whether an array has the axes of the map, N, C and spatial ones, and so C last where the op says so. */
    public boolean isMap(PoolingOp op, String name) {
        return name.equals("input") || name.equals("output");
    }

    /** Whether an array with the axes of the map has one for the examples too, in front. */
    public boolean isBatched(String name, boolean hasRankOfInput) {
        return hasRankOfInput;
    }
}
