// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;

/** An operator with its configuration and inputs, channels first whatever the op's order of axes. */
public final class OracleCase {

    private final PoolingOp op;
    private final PlainArray[] inputs;

    public OracleCase(PoolingOp op, PlainArray... inputs) {
        this.op = op;
        this.inputs = inputs;
    }

    public PoolingOp op() {
        return op;
    }

    public PlainArray[] inputs() {
        return inputs.clone();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(op.toString());
        for (PlainArray input : inputs) {
            text.append(' ').append(Arrays.toString(input.shape()));
        }
        return text.toString();
    }
}
