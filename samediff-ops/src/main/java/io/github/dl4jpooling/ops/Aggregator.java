// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** How many nodes become one, feature by feature. Kernels know these by their numbers. */
public enum Aggregator {
    /** The mean. */
    MEAN,
    /** The largest element; the first of these gets the gradient. */
    MAX,
    /** The sum. */
    SUM,
    /** Mean weighted by exp(t x) with a learnable temperature t. */
    SOFTMAX,
    /** Power mean of what is positive, with a learnable power p. */
    POWER_MEAN;

    /** @return name of the learnable number, null for none */
    String parameter() {
        return this == SOFTMAX ? "temperature" : this == POWER_MEAN ? "power" : null;
    }
}
