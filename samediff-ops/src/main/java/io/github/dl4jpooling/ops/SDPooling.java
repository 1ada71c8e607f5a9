// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Pooling operators of a SameDiff graph; the counterpart of ND4J's SDCNN. On arrays use {@link NDPooling}.
 *
 * <pre>{@code
 * SDVariable y = new SDPooling(sameDiff).pool("pool1", new SoftPool(window), x);
 * }</pre>
 */
public class SDPooling {

    private final SameDiff sameDiff;

    /** @param sameDiff the graph that variables are added to */
    public SDPooling(SameDiff sameDiff) {
        this.sameDiff = Objects.requireNonNull(sameDiff, "sameDiff");
    }

    /**
     * Applies an operator.
     *
     * @param op the operator and its configuration. Not modified.
     * @param inputs its inputs, the array to pool first
     * @return the pooled array, the operator's first output
     */
    public SDVariable pool(PoolingOp op, SDVariable... inputs) {
        return pool(null, op, inputs);
    }

    /**
     * Applies an operator.
     *
     * @param name name of the result, or null to have one chosen
     * @param op the operator and its configuration. Not modified.
     * @param inputs its inputs, the array to pool first
     * @return the pooled array, the operator's first output
     */
    public SDVariable pool(String name, PoolingOp op, SDVariable... inputs) {
        return outputs(name, op, inputs)[0];
    }

    /**
     * Applies an operator.
     *
     * @param name name of the first output, or null to have one chosen
     * @param op the operator and its configuration. Not modified.
     * @param inputs its inputs, the array to pool first
     * @return all its outputs, the pooled array first
     */
    public SDVariable[] outputs(String name, PoolingOp op, SDVariable... inputs) {
        if (Objects.requireNonNull(inputs, "inputs").length != Objects.requireNonNull(op, "op").inputNames().size()) {
            throw op.error("takes " + op.inputNames().size() + " inputs " + op.inputNames() + ", got "
                    + inputs.length);
        }
        PoolingOp copy = op.copy();
        copy.bind(sameDiff, inputs);
        SDVariable[] outputs = copy.outputVariables();
        if (name != null) {
            outputs[0] = sameDiff.updateVariableNameAndReference(outputs[0], name);
        }
        return outputs;
    }
}
