// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.nd4j;

import io.github.dl4jpooling.ops.ExecutableOp;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;

/** An executioner of ND4J that knows the ops of this project, whatever its back-end. */
interface PoolingExecutioner {

    /** Runs an op on the arrays of a context. */
    static INDArray[] execute(ExecutableOp op, OpContext context) {
        op.execute(context.getInputArrays(), context.getOutputArrays());
        return context.getOutputArrays().toArray(new INDArray[0]);
    }

    /** Runs an op on its own arrays, and makes its outputs where they are missing. */
    static INDArray[] execute(ExecutableOp op) {
        if (op.numOutputArguments() == 0) {
            List<INDArray> outputs = op.apply(op.inputArguments(), NewArrays::create);
            op.addOutputArgument(outputs.toArray(new INDArray[0]));
        } else {
            op.execute(op.inputArguments(), op.outputArguments());
        }
        return op.outputArguments().toArray(new INDArray[0]);
    }
}
