// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.ops.Dequantize;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.Quantize;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/** From real numbers to 8-bit ones, through an operator of these, and back. */
public final class EightBitPass {

    private final Quantization input;
    private final Quantization output;
    private final boolean channelsLast;
    private final LayerWorkspaceMgr workspaceManager;

    /**
     * Chooses everything.
     *
     * @param input quantization of the array that is pooled
     * @param output quantization of the result
     * @param channelsLast whether the channels are the last axis
     * @param workspaceManager where arrays are to lie
     */
    public EightBitPass(
            Quantization input, Quantization output, boolean channelsLast, LayerWorkspaceMgr workspaceManager) {
        this.input = input;
        this.output = output;
        this.channelsLast = channelsLast;
        this.workspaceManager = workspaceManager;
    }

    /**
     * Applies an operator.
     *
     * @param op the operator
     * @param inputs its inputs, of which the first is to be quantised. Not modified.
     * @return its result, as real numbers of the first input's type, as activations
     */
    public INDArray apply(PoolingOp op, List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        List<INDArray> bytes = new ArrayList<>(inputs);
        bytes.set(0, run(new Quantize(input, channelsLast), List.of(x), ArrayType.FF_WORKING_MEM));
        INDArray pooled = run(op, bytes, ArrayType.FF_WORKING_MEM);
        return run(new Dequantize(output, channelsLast, x.dataType()), List.of(pooled), ArrayType.ACTIVATIONS);
    }

    private INDArray run(PoolingOp op, List<INDArray> inputs, ArrayType memory) {
        return op.apply(inputs, WorkspaceMemory.of(workspaceManager, memory)).get(0);
    }

    /**
     * What training through 8-bit numbers ends with.
     *
     * @param where the layer or vertex
     * @return the error
     */
    public static UnsupportedOperationException noGradient(String where) {
        return new UnsupportedOperationException(where
                + ": there is no gradient through 8-bit numbers; train the float pooling behind a FakeQuantizeLayer");
    }
}
