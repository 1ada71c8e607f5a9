// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link TreePool}. */
public final class TreePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public TreePoolBp() {
        super(new TreePool());
    }
}
