// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

/** A number with its derivatives by some variables: formulas written with it give exact derivatives. Immutable. */
public final class Dual implements Comparable<Dual> {

    private final double value;
    private final double[] derivatives; // empty: a constant

    private Dual(double value, double[] derivatives) {
        this.value = value;
        this.derivatives = derivatives;
    }

    /** A number that depends on no variable. */
    public static Dual constant(double value) {
        return new Dual(value, new double[0]);
    }

    /** The variable of the given number among so many. */
    static Dual variable(double value, int number, int count) {
        double[] derivatives = new double[count];
        derivatives[number] = 1;
        return new Dual(value, derivatives);
    }

    public double value() {
        return value;
    }

    double derivative(int variable) {
        return variable < derivatives.length ? derivatives[variable] : 0;
    }

    /** A function of this number with the given value and derivative. */
    public Dual map(double newValue, double derivative) {
        double[] result = new double[derivatives.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = derivatives[i] == 0 ? 0 : derivative * derivatives[i];
        }
        return new Dual(newValue, result);
    }

    private Dual combine(double newValue, double factor, Dual other, double otherFactor) {
        double[] result = new double[Math.max(derivatives.length, other.derivatives.length)];
        for (int i = 0; i < derivatives.length; i++) {
            result[i] = derivatives[i] == 0 ? 0 : factor * derivatives[i]; // 0 * infinity is 0 here
        }
        for (int i = 0; i < other.derivatives.length; i++) {
            result[i] += other.derivatives[i] == 0 ? 0 : otherFactor * other.derivatives[i];
        }
        return new Dual(newValue, result);
    }

    public Dual plus(Dual other) {
        return combine(value + other.value, 1, other, 1);
    }

    public Dual plus(double number) {
        return map(value + number, 1);
    }

    public Dual minus(Dual other) {
        return combine(value - other.value, 1, other, -1);
    }

    public Dual minus(double number) {
        return map(value - number, 1);
    }

    public Dual times(Dual other) {
        return combine(value * other.value, other.value, other, value);
    }

    public Dual times(double number) {
        return map(value * number, number);
    }

    public Dual over(Dual other) {
        return combine(value / other.value, 1 / other.value, other, -value / other.value / other.value);
    }

    public Dual over(double number) {
        return map(value / number, 1 / number);
    }

    public Dual negated() {
        return map(-value, -1);
    }

    public Dual exp() {
        return map(Math.exp(value), Math.exp(value));
    }

    public Dual log() {
        return map(Math.log(value), 1 / value);
    }

    public Dual sqrt() {
        return map(Math.sqrt(value), 0.5 / Math.sqrt(value));
    }

    /** |x|, with derivative 0 at 0. */
    public Dual abs() {
        return map(Math.abs(value), Math.signum(value));
    }

    /** x where it is positive, else the constant 0. */
    public Dual positivePart() {
        return value > 0 ? this : constant(0);
    }

    public Dual pow(double exponent) {
        return map(Math.pow(value, exponent), exponent * Math.pow(value, exponent - 1));
    }

    /** For a positive number. */
    public Dual pow(Dual exponent) {
        return exponent.times(log()).exp();
    }

    public Dual sigmoid() {
        double s = 1 / (1 + Math.exp(-value));
        return map(s, s * (1 - s));
    }

    public static Dual sum(Dual... terms) {
        Dual result = constant(0);
        for (Dual term : terms) {
            result = result.plus(term);
        }
        return result;
    }

    public static Dual mean(Dual... terms) {
        return sum(terms).over(terms.length);
    }

    /** The first of the largest; the first NaN if there is one. */
    public static int indexOfLargest(Dual... numbers) {
        int chosen = 0;
        for (int i = 1; i < numbers.length; i++) {
            boolean replaces = numbers[i].value > numbers[chosen].value || Double.isNaN(numbers[i].value);
            if (replaces && !Double.isNaN(numbers[chosen].value)) {
                chosen = i;
            }
        }
        return chosen;
    }

    public static Dual largest(Dual... numbers) {
        return numbers[indexOfLargest(numbers)];
    }

    /** Mean of the values, weighted by exp(logit). */
    public static Dual softmaxMean(Dual[] values, Dual[] logits) {
        double shift = largest(logits).value;
        Dual weights = constant(0);
        Dual weighted = constant(0);
        for (int i = 0; i < values.length; i++) {
            Dual weight = logits[i].minus(shift).exp();
            weights = weights.plus(weight);
            weighted = weight.value == 0 ? weighted : weighted.plus(weight.times(values[i]));
        }
        return weighted.over(weights);
    }

    @Override
    public int compareTo(Dual other) {
        return Double.compare(value, other.value);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return Double.toString(value);
    }
}
