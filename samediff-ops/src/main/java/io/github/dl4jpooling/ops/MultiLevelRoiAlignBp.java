// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link MultiLevelRoiAlign}. */
public final class MultiLevelRoiAlignBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public MultiLevelRoiAlignBp() {
        super(new MultiLevelRoiAlign());
    }
}
