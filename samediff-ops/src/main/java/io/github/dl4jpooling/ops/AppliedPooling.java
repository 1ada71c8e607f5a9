// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/** A pooling without further inputs, applied to an array inside of another op. */
final class AppliedPooling {

    private final PoolingOp op;
    private final INDArray x;
    private final List<INDArray> outputs = new ArrayList<>();

    /** Pools into a new array. */
    AppliedPooling(PoolingOp op, INDArray x, Temporaries temporaries) {
        this(op, x, null, temporaries);
    }

    /**
     * Pools.
     *
     * @param op the pooling
     * @param x the array to pool. Not modified.
     * @param y the place of the result; null for a new array. Modified: every element is written.
     * @param temporaries for new arrays, which live as long as this object is used
     */
    AppliedPooling(PoolingOp op, INDArray x, INDArray y, Temporaries temporaries) {
        this.op = op;
        this.x = x;
        for (LongShapeDescriptor output : op.outputShapes(List.of(x))) {
            boolean isGiven = outputs.isEmpty() && y != null;
            outputs.add(isGiven ? y : temporaries.create(output.dataType(), output.getShape()));
        }
        op.execute(List.of(x), outputs);
    }

    /** The pooled array, which the gradient does not need. */
    INDArray result() {
        return outputs.get(0);
    }

    /** Writes the gradient of the array that was pooled. */
    void backward(INDArray yGradient, INDArray xGradient) {
        backward(op, x, outputs.subList(1, outputs.size()), yGradient, xGradient);
    }

    /** The same for an array that may not have been pooled yet: it is where the gradient needs more than the array. */
    static void backward(PoolingOp op, INDArray x, INDArray yGradient, INDArray xGradient) {
        if (op.outputNames().size() == 1) {
            backward(op, x, List.of(), yGradient, xGradient);
            return;
        }
        try (Temporaries temporaries = new Temporaries()) {
            new AppliedPooling(op, x, temporaries).backward(yGradient, xGradient);
        }
    }

    private static void backward(
            PoolingOp op, INDArray x, List<INDArray> saved, INDArray yGradient, INDArray xGradient) {
        List<INDArray> arguments = new ArrayList<>(List.of(x));
        arguments.addAll(saved);
        arguments.add(yGradient);
        op.gradient().execute(arguments, List.of(xGradient));
    }
}
