// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import java.util.HashMap;
import java.util.Map;

/** A linear combination of elements of a map: its value, and the weights where they are wanted. */
final class Combination {

    private final Map<Integer, Double> weights; // by position in the array; null: not wanted
    private double value;
    private double extra;

    private Combination(boolean weighted) {
        weights = weighted ? new HashMap<>() : null;
    }

    /** 0. */
    static Combination zero(boolean weighted) {
        return new Combination(weighted);
    }

    /** Adds an element; one of weight 0 does not matter. */
    void add(double weight, int position, double element) {
        if (weight != 0) {
            value += weight * element;
            if (weights != null) {
                weights.merge(position, weight, Double::sum);
            }
        }
    }

    void add(Combination other) {
        value += other.value;
        if (weights != null) {
            other.weights.forEach((position, weight) -> weights.merge(position, weight, Double::sum));
        }
    }

    Combination times(double factor) {
        value *= factor;
        if (weights != null) {
            weights.replaceAll((position, weight) -> weight * factor);
        }
        return this;
    }

    /** Sets the value of the second output. */
    Combination withExtra(double newExtra) {
        extra = newExtra;
        return this;
    }

    double value() {
        return value;
    }

    /** Value of the first or second output. */
    double output(int number) {
        return number == 0 ? value : extra;
    }

    /** Adds factor times the weights to an array. */
    void addWeights(double factor, double[] array) {
        weights.forEach((position, weight) -> array[position] += factor * weight);
    }
}
