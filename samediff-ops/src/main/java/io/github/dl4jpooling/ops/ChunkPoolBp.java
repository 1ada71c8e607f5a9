// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link ChunkPool}. */
public final class ChunkPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public ChunkPoolBp() {
        super(new ChunkPool());
    }
}
