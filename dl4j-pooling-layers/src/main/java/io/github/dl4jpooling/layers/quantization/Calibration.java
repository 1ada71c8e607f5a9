// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.quantization;

/** How the range of numbers that 8 bits are to cover follows from examples. */
public enum Calibration {
    // Names are stored in saved models.
    /** From the least to the largest number of all examples: nothing is cut off; an outlier makes every step larger. */
    MIN_MAX,
    /** Least and largest number of each batch, as a moving average over the batches. */
    MOVING_AVERAGE,
    /** All but a small share of the numbers at either end, as a histogram of all examples has it. */
    PERCENTILE
}
