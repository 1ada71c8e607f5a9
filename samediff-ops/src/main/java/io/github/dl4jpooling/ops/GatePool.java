// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** What a channel gate looks at: one number for each channel of each example. */
public enum GatePool {
    /** The mean. */
    AVG,
    /** The largest element; the first one gets the gradient. */
    MAX,
    /** The root of the sum of squares. */
    LP,
    /** The logarithm of the sum of exponentials. */
    LSE
}
