// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An array as a line of text: its shape, and a sum with weights in which a change of any element shows. */
final class Digest {

    /** Of the sum of magnitudes; instruction sets add up in different orders. */
    private static final double TOLERANCE = 1e-9;

    private static final int PERIOD = 101;
    private static final int STEP = 37;

    private final String shape;
    private final double sum;
    private final double magnitude;

    private Digest(String shape, double sum, double magnitude) {
        this.shape = shape;
        this.sum = sum;
        this.magnitude = magnitude;
    }

    static Digest of(INDArray array) {
        double[] values = array.castTo(DataType.DOUBLE).dup('c').reshape(-1).toDoubleVector();
        double sum = 0;
        double magnitude = 0;
        int notFinite = 0;
        for (int i = 0; i < values.length; i++) {
            if (Double.isFinite(values[i])) {
                double term = values[i] * (1 + STEP * i % PERIOD);
                sum += term;
                magnitude += Math.abs(term);
            } else {
                notFinite++;
            }
        }
        return new Digest(shape(array, notFinite), sum, magnitude);
    }

    private static String shape(INDArray array, int notFinite) {
        StringBuilder shape = new StringBuilder(array.dataType().name().toLowerCase(Locale.ROOT));
        for (long size : array.shape()) {
            shape.append('x').append(size);
        }
        return shape + (notFinite == 0 ? "" : ",notFinite:" + notFinite);
    }

    static Digest parse(String line) {
        String[] words = line.split(" ");
        return new Digest(words[0], Double.parseDouble(words[1]), Double.parseDouble(words[2]));
    }

    /** Fails unless the array is the one that this was made of, but for rounding errors. */
    void check(INDArray array) {
        Digest actual = of(array);
        assertThat(actual.shape).isEqualTo(shape);
        assertThat(actual.sum).isCloseTo(sum, within(TOLERANCE * magnitude + Double.MIN_VALUE));
        assertThat(actual.magnitude).isCloseTo(magnitude, within(TOLERANCE * magnitude + Double.MIN_VALUE));
    }

    @Override
    public String toString() {
        return shape + " " + sum + " " + magnitude;
    }
}
