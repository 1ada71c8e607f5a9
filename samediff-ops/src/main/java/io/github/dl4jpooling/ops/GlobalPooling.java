// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One number for each channel of each example of a map {@code [N,C,H,W]}, by the operators of this package. */
final class GlobalPooling {

    private final GatePool pool;
    private final INDArray x;
    private final PoolingOp op;
    private List<INDArray> outputs;

    GlobalPooling(GatePool pool, INDArray x) {
        this.pool = pool;
        this.x = x;
        PoolingWindow map = PoolingWindow.builder((int) x.size(2), (int) x.size(3)).build();
        switch (pool) {
            case AVG:
                op = new AdaptiveAvgPool(1, 1);
                break;
            case MAX:
                op = new AdaptiveMaxPool(1, 1);
                break;
            case LP:
                op = new PnormPool(map, 2);
                break;
            default:
                op = new LogMeanExpPool(map, 1);
        }
    }

    /** Returns the numbers, {@code [N,C]}. */
    INDArray forward(Temporaries temporaries) {
        outputs = new ArrayList<>();
        outputs.add(temporaries.create(x.dataType(), x.size(0), x.size(1), 1, 1));
        if (op.outputNames().size() > 1) {
            outputs.add(temporaries.create(DataType.INT64, x.size(0), x.size(1), 1, 1));
        }
        op.execute(List.of(x), outputs);
        INDArray pooled = outputs.get(0).reshape(x.size(0), x.size(1));
        return pool == GatePool.LSE ? pooled.addi(Math.log((double) x.size(2) * x.size(3))) : pooled;
    }

    /** Adds the gradient of the map to an array. */
    void addGradient(INDArray pooledGradient, INDArray xGradient, Temporaries temporaries) {
        INDArray gradient = pooledGradient.reshape(x.size(0), x.size(1), 1, 1);
        if (pool == GatePool.AVG) {
            NetworkOp.add(xGradient, gradient.divi((double) x.size(2) * x.size(3)), xGradient);
            return;
        }
        List<INDArray> inputs = new ArrayList<>(List.of(x));
        inputs.addAll(outputs.subList(1, outputs.size()));
        inputs.add(gradient);
        try (Temporaries own = new Temporaries()) {
            INDArray part = own.like(x);
            op.gradient().execute(inputs, List.of(part));
            xGradient.addi(part);
        }
    }
}
