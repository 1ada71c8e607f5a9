// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link AveragePool}. */
public final class AveragePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public AveragePoolBp() {
        super(new AveragePool());
    }
}
