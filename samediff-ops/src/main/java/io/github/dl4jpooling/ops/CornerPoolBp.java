// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link CornerPool}. */
public final class CornerPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public CornerPoolBp() {
        super(new CornerPool());
    }
}
