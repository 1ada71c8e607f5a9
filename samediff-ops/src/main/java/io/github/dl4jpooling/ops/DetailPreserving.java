// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Objects;

/**
 * Settings of detail-preserving pooling. Weights are {@code alpha + (s / n)^m} with {@code s = z^2 + epsilon}, z the
 * difference of an element and the smoothed map. Immutable.
 */
public final class DetailPreserving {

    /** What is done with negative differences. */
    public enum Variant {
        /** z as it is: details darker and brighter than their surroundings count. */
        SYMMETRIC,
        /** max(0, z): only brighter ones do. */
        ASYMMETRIC
    }

    /** The number n that squares are divided by. */
    public enum Normalisation {
        /** 1, the paper's formula. */
        NONE,
        /** Their mean over the window, as in the authors' graph. */
        MEAN,
        /** Their sum over the window, as in the authors' CUDA code. */
        SUM
    }

    private static final double LEAST_EPSILON = 1e-30;
    private static final double MOST_EPSILON = 1e30;

    private final Variant variant;
    private final Normalisation normalisation;
    private final double epsilon;

    /** Symmetric, not normalised, epsilon 1e-3. */
    public DetailPreserving() {
        this(Variant.SYMMETRIC, Normalisation.NONE, 1e-3);
    }

    /**
     * Chooses the settings.
     *
     * @param variant what is done with negative differences
     * @param normalisation what squares are divided by
     * @param epsilon added to squares, from 1e-30 to 1e30
     */
    public DetailPreserving(Variant variant, Normalisation normalisation, double epsilon) {
        this.variant = Objects.requireNonNull(variant, "variant");
        this.normalisation = Objects.requireNonNull(normalisation, "normalisation");
        if (!(epsilon >= LEAST_EPSILON && epsilon <= MOST_EPSILON)) {
            throw new IllegalArgumentException("epsilon of detail-preserving pooling must be from " + LEAST_EPSILON
                    + " to " + MOST_EPSILON + ", got " + epsilon);
        }
        this.epsilon = epsilon;
    }

    /** The settings of an op that has them as its only options. */
    static DetailPreserving of(WindowedOp op) {
        return new DetailPreserving(
                op.option(0, Variant.class), op.option(1, Normalisation.class),
                op.realOption(0, "epsilon", LEAST_EPSILON, MOST_EPSILON));
    }

    /** @return what is done with negative differences */
    public Variant variant() {
        return variant;
    }

    /** @return what squares are divided by */
    public Normalisation normalisation() {
        return normalisation;
    }

    /** @return what is added to squares */
    public double epsilon() {
        return epsilon;
    }

    /** The struct DetailPreservingOptions of the kernels. */
    long[] kernelOptions() {
        return new long[] {variant.ordinal(), normalisation.ordinal(), Double.doubleToRawLongBits(epsilon)};
    }
}
