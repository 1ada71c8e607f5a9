// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** How an operator that draws in training learns whether it trains. */
public enum TrainingPhase {
    /** It always trains. */
    TRAINING,
    /** It never trains. */
    INFERENCE,
    /** A last input "training", a BOOL scalar, says so at each call. */
    INPUT
}
