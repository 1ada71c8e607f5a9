// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link SpatialGate}. */
public final class SpatialGateBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public SpatialGateBp() {
        super(new SpatialGate());
    }
}
