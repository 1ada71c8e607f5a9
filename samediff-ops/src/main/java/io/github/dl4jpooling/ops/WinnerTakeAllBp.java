// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link WinnerTakeAll}. */
public final class WinnerTakeAllBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public WinnerTakeAllBp() {
        super(new WinnerTakeAll());
    }
}
