// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** What becomes of the raw score of an edge before 0.5 is added. */
public enum EdgeScore {
    /** Softmax over the edges that lead to the same node. */
    SOFTMAX,
    /** Logistic function. */
    SIGMOID,
    /** Hyperbolic tangent. */
    TANH
}
