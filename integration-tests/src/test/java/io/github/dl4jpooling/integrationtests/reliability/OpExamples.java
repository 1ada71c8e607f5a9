// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.integrationtests.family.RandomCases;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.SDPooling;
import io.github.dl4jpooling.zoo.catalogue.Examples;
import java.util.Random;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One graph with every op; the result of each is named like the op. A new op needs no change here. */
final class OpExamples {

    private OpExamples() {}

    static SameDiff graph() {
        SameDiff graph = SameDiff.create();
        SDPooling pooling = new SDPooling(graph);
        for (PoolingOperator operator : PoolingOperator.values()) {
            PoolingOp op;
            INDArray[] arrays;
            if (operator.hasGradient()) {
                OperatorRun run = RandomCases.of(operator, DataType.DOUBLE, 1, 1).findFirst().orElseThrow();
                op = run.op();
                arrays = run.arrays();
                for (INDArray array : arrays) {
                    shorten(array);
                }
            } else {
                op = Examples.of(2, false).op(operator).orElseThrow();
                arrays = eightBit(op);
            }
            SDVariable[] inputs = new SDVariable[arrays.length];
            for (int i = 0; i < arrays.length; i++) {
                inputs[i] = graph.constant(operator.stem() + " " + op.inputNames().get(i), arrays[i]);
            }
            pooling.pool(operator.opName(), op, inputs);
        }
        return graph;
    }

    /** Makes numbers compress well: five binary places, except of whole ones. */
    private static void shorten(INDArray array) {
        if (array.dataType() != DataType.DOUBLE) {
            return;
        }
        for (long i = 0; i < array.length(); i++) {
            double number = array.getDouble(i);
            if (number != Math.rint(number)) {
                array.putScalar(i, (Math.floor(16 * number) + 0.5) / 16);
            }
        }
    }

    /** Inputs of an operator on 8-bit numbers. */
    private static INDArray[] eightBit(PoolingOp op) {
        DataType type = op.operator().dataTypes().contains(DataType.UINT8) ? DataType.UINT8 : DataType.DOUBLE;
        PlainArray map = PlainArray.gaussian(new Random(3), 1, 2, 3, 6, 6);
        if (type == DataType.UINT8) {
            for (int i = 0; i < map.values().length; i++) {
                map.values()[i] = 7 * i % 256;
            }
        }
        INDArray[] arrays = new INDArray[op.inputNames().size()];
        arrays[0] = map.toArray(type, false);
        for (int i = 1; i < arrays.length; i++) { // boxes
            arrays[i] = new PlainArray(new int[] {1, 5}, new double[] {1, 0.5, 0.25, 4, 5})
                    .toArray(op.inputTypes(type).get(i), false);
        }
        return arrays;
    }
}
