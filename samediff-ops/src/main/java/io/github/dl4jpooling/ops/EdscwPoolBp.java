// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link EdscwPool}. */
public final class EdscwPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public EdscwPoolBp() {
        super(new EdscwPool());
    }
}
