// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link KMaxPool}. */
public final class KMaxPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public KMaxPoolBp() {
        super(new KMaxPool());
    }
}
