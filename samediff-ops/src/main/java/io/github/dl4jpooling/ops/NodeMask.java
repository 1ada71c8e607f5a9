// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Which nodes of a batch of graphs exist. */
final class NodeMask {

    private final INDArray mask; // null: all
    private final int examples;
    private final int positions;
    private final double[] numbers; // null: all

    /**
     * Reads a mask.
     *
     * @param mask one number a node, null: all exist. Not modified.
     */
    NodeMask(INDArray mask, long examples, long positions) {
        this.mask = mask;
        this.examples = Math.toIntExact(examples);
        this.positions = Math.toIntExact(positions);
        Math.multiplyExact(this.examples, this.positions);
        numbers = mask == null ? null : numbers(mask);
    }

    /** All numbers of an array, whatever its strides. */
    static double[] numbers(INDArray array) {
        return array.isEmpty() ? new double[0] : array.dup('c').castTo(DataType.DOUBLE).data().asDouble();
    }

    /** The same of whole numbers. */
    static long[] wholeNumbers(INDArray array) {
        return array.isEmpty() ? new long[0] : array.dup('c').data().asLong();
    }

    /** An array of numbers, of any type. */
    static INDArray array(double[] numbers, DataType type, Temporaries temporaries, long... shape) {
        return temporaries.add(Nd4j.create(Nd4j.createTypedBuffer(numbers, type), shape));
    }

    int examples() {
        return examples;
    }

    int positions() {
        return positions;
    }

    /** Whether a node, counted through all examples, exists. */
    boolean has(int node) {
        return numbers == null || numbers[node] != 0;
    }

    /** How many nodes an example has. */
    int count(int example) {
        int count = 0;
        for (int i = 0; i < positions; i++) {
            count += has(example * positions + i) ? 1 : 0;
        }
        return count;
    }

    /** A dense array, null where all exist. */
    INDArray dense(Temporaries temporaries) {
        return mask == null ? null : PlainArrays.of(mask, temporaries);
    }

    /** Every example as a group. */
    NodeGroups groups(Temporaries temporaries) {
        if (numbers == null) {
            return NodeGroups.examples(examples, positions, temporaries);
        }
        int[] groupOfNode = new int[numbers.length];
        for (int node = 0; node < numbers.length; node++) {
            groupOfNode[node] = has(node) ? node / positions : -1;
        }
        return NodeGroups.numbered(groupOfNode, examples, temporaries);
    }
}
