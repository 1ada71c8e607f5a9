// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link OrientedPool}. */
public final class OrientedPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public OrientedPoolBp() {
        super(new OrientedPool());
    }
}
