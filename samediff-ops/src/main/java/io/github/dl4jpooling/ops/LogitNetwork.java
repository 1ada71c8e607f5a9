// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** The network of local importance-based pooling that gives every element its logit; see {@link LipBlockPool}. */
public enum LogitNetwork {
    // The order is stored in saved graphs: new ones go to the end.
    /** A 1x1 convolution with bias. Logits of any size: a window may come down to one element. */
    PROJECTION,
    /** A 3x3 convolution, instance normalisation, scaled sigmoid. */
    SIMPLIFIED,
    /**
     * A 1x1 convolution to few channels, a 3x3 one among these, a 1x1 one back, each with instance normalisation, the first
     * two rectified, the last one through a scaled sigmoid.
     */
    BOTTLENECK
}
