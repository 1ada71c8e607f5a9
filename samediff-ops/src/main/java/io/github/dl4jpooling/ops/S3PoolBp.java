// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link S3Pool}. */
public final class S3PoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public S3PoolBp() {
        super(new S3Pool());
    }
}
