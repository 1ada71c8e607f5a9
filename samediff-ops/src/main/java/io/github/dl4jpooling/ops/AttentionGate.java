// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** What the weights of {@link AttentionPool} are. */
public enum AttentionGate {
    /** Each channel has its own gate, from 0 to 1, at each position; the result is the mean weighted by them. */
    CHANNEL,
    /** All channels share one weight at each position: the softmax of its score over the map. */
    POSITION
}
