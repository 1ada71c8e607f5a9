// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.nd4j;

import io.github.dl4jpooling.ops.ExecutableOp;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.jcublas.ops.executioner.CudaExecutioner;

/** ND4J's executioner of the CUDA back-end, which in addition runs the ops of this project. */
public final class PoolingCudaExecutioner extends CudaExecutioner implements PoolingExecutioner {

    @Override
    public INDArray[] exec(CustomOp op, OpContext context) {
        if (!(op instanceof ExecutableOp)) {
            return super.exec(op, context);
        }
        long start = profilingConfigurableHookIn(op, context);
        INDArray[] outputs = PoolingExecutioner.execute((ExecutableOp) op, context);
        profilingConfigurableHookOut(op, context, start);
        return outputs;
    }

    // Apart from saving a native context, this lets errors reach the caller as they are: ND4J's own wraps them.
    @Override
    public INDArray[] exec(CustomOp op) {
        if (!(op instanceof ExecutableOp)) {
            return super.exec(op);
        }
        long start = profilingConfigurableHookIn(op, null);
        INDArray[] outputs = PoolingExecutioner.execute((ExecutableOp) op);
        profilingConfigurableHookOut(op, null, start);
        return outputs;
    }

    @Override
    public List<LongShapeDescriptor> calculateOutputShape(CustomOp op) {
        return op instanceof ExecutableOp ? op.calculateOutputShape() : super.calculateOutputShape(op);
    }

    @Override
    public List<LongShapeDescriptor> calculateOutputShape(CustomOp op, OpContext context) {
        return op instanceof ExecutableOp
                ? ((ExecutableOp) op).calculateOutputShape(context)
                : super.calculateOutputShape(op, context);
    }
}
