// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link FakeQuantize}. */
public final class FakeQuantizeBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public FakeQuantizeBp() {
        super(new FakeQuantize());
    }
}
