// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A pooling applied to an array, and a mask where it takes one, inside of another op. */
final class AppliedPooling {

    private final PoolingOp op;
    private final List<INDArray> inputs;
    private final List<INDArray> outputs;

    /** Pools into a new array. */
    AppliedPooling(PoolingOp op, INDArray x, Temporaries temporaries) {
        this(op, x, null, temporaries);
    }

    /** Pools the first of some arrays into a new one. */
    AppliedPooling(PoolingOp op, List<INDArray> inputs, Temporaries temporaries) {
        this(op, inputs, null, temporaries);
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
        this(op, List.of(x), y, temporaries);
    }

    private AppliedPooling(PoolingOp op, List<INDArray> inputs, INDArray y, Temporaries temporaries) {
        this.op = op;
        this.inputs = inputs;
        List<INDArray> given = new ArrayList<>(y == null ? List.of() : List.of(y));
        outputs = op.apply(inputs, output -> given.isEmpty()
                ? temporaries.create(output.dataType(), output.getShape()) : given.remove(0));
    }

    /** The pooled array, which the gradient does not need. */
    INDArray result() {
        return outputs.get(0);
    }

    /** Writes the gradient of the array that was pooled. */
    void backward(INDArray yGradient, INDArray xGradient) {
        backward(op, inputs, outputs.subList(1, outputs.size()), yGradient, xGradient);
    }

    /** The same for an array that may not have been pooled yet: it is where the gradient needs more than the array. */
    static void backward(PoolingOp op, INDArray x, INDArray yGradient, INDArray xGradient) {
        if (op.outputNames().size() == 1) {
            backward(op, List.of(x), List.of(), yGradient, xGradient);
            return;
        }
        try (Temporaries temporaries = new Temporaries()) {
            new AppliedPooling(op, x, temporaries).backward(yGradient, xGradient);
        }
    }

    private static void backward(
            PoolingOp op, List<INDArray> inputs, List<INDArray> saved, INDArray yGradient, INDArray xGradient) {
        List<INDArray> arguments = new ArrayList<>(inputs);
        arguments.addAll(saved);
        arguments.add(yGradient);
        op.gradient().execute(arguments, List.of(xGradient));
    }
}
