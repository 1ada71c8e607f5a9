// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link TopkAveragePool}. */
public final class TopkAveragePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public TopkAveragePoolBp() {
        super(new TopkAveragePool());
    }
}
