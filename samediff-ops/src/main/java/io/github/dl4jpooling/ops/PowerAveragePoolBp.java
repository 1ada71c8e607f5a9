// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link PowerAveragePool}. */
public final class PowerAveragePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public PowerAveragePoolBp() {
        super(new PowerAveragePool());
    }
}
