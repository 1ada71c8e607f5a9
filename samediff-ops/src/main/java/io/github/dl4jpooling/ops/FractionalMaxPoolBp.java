// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link FractionalMaxPool}. */
public final class FractionalMaxPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public FractionalMaxPoolBp() {
        super(new FractionalMaxPool());
    }
}
