// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link MultiScalePool}. */
public final class MultiScalePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public MultiScalePoolBp() {
        super(new MultiScalePool());
    }
}
