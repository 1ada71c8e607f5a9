// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Compares arrays element by element. NaN equals NaN, and an infinity equals itself only. */
public final class Comparison {

    private Comparison() {}

    /**
     * Fails where a value is further from the expected one than allowed.
     *
     * @param name what the array is, for the message
     * @param actual the array in question
     * @param expected the right values
     * @param allowed difference allowed for an expected value
     */
    public static void assertClose(
            String name, PlainArray actual, PlainArray expected, DoubleUnaryOperator allowed) {
        if (!Arrays.equals(actual.shape(), expected.shape())) {
            throw new AssertionError(name + " must have shape " + Arrays.toString(expected.shape()) + ", got "
                    + Arrays.toString(actual.shape()));
        }
        int different = 0;
        int first = -1;
        for (int i = 0; i < expected.values().length; i++) {
            double right = expected.values()[i];
            if (!isClose(actual.values()[i], right, allowed.applyAsDouble(right))) {
                first = different == 0 ? i : first;
                different++;
            }
        }
        if (different > 0) {
            double right = expected.values()[first];
            throw new AssertionError(name + Arrays.toString(expected.index(first)) + " must be " + right + ", got "
                    + actual.values()[first] + " (difference " + Math.abs(actual.values()[first] - right) + ", allowed "
                    + allowed.applyAsDouble(right) + "); " + different + " of " + expected.values().length
                    + " values differ");
        }
    }

    /** The same, except where the expected value is NaN for "not known". */
    public static void assertCloseWhereKnown(
            String name, PlainArray actual, PlainArray expected, DoubleUnaryOperator allowed) {
        PlainArray known = new PlainArray(expected.shape(), expected.values().clone());
        for (int i = 0; i < known.values().length; i++) {
            if (Double.isNaN(known.values()[i]) && Double.isFinite(actual.values()[i])) {
                known.values()[i] = actual.values()[i];
            }
        }
        assertClose(name, actual, known, allowed);
    }

    /**
     * Fails unless type, shape and every bit agree.
     *
     * @param name what the array is, for the message
     * @param actual the array in question
     * @param expected what it must be
     */
    public static void assertSameBits(String name, INDArray actual, INDArray expected) {
        if (actual.dataType() != expected.dataType()) {
            throw new AssertionError(
                    name + " must be of type " + expected.dataType() + ", got " + actual.dataType());
        }
        assertClose(name, PlainArray.of(actual, false), PlainArray.of(expected, false), value -> -1);
    }

    private static boolean isClose(double actual, double right, double allowed) {
        return Double.compare(actual, right) == 0
                || Double.isFinite(right) && Math.abs(actual - right) <= allowed;
    }

    /**
     * Error allowed for a kernel: it rounds its result to the element type once, and computes sums of up to {@code
     * terms} terms of the given magnitude, each of which adds a rounding in float (double for double arrays).
     *
     * @param type element type of the arrays
     * @param terms terms of the longest sum
     * @param magnitude largest magnitude of a term
     * @return difference allowed for an expected value
     */
    public static DoubleUnaryOperator roundingErrors(DataType type, long terms, double magnitude) {
        double computed = (16 + terms) * magnitude * (type == DataType.DOUBLE ? Math.ulp(1.0) : Math.ulp(1f));
        return expected -> computed + spacing(type, expected) / 2;
    }

    /** Distance of neighbouring numbers of a type, next to a value. */
    private static double spacing(DataType type, double value) {
        switch (type) {
            case DOUBLE:
                return Math.ulp(value);
            case FLOAT:
                return Math.ulp((float) value);
            case HALF:
                return Math.max(Math.ulp((float) value) * (1 << 13), Math.scalb(1.0, -24));
            case BFLOAT16:
                return Math.ulp((float) value) * (1 << 16);
            default:
                throw new IllegalArgumentException("not a floating-point type: " + type);
        }
    }
}
