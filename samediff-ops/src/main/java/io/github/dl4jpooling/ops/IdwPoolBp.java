// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link IdwPool}. */
public final class IdwPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public IdwPoolBp() {
        super(new IdwPool());
    }
}
