// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A dense array of any size with marked memory on both sides, for results. */
final class SurroundedArray {

    private static final int MARGIN = 64;
    private static final double MARK = 77;

    private final DataBuffer memory;
    private final INDArray array;
    private final long length;

    SurroundedArray(DataType type, long... shape) {
        length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        if (length == 0) {
            memory = null;
            array = Nd4j.create(type, shape);
            return;
        }
        INDArray all = Nd4j.valueArrayOf(new long[] {length + 2 * MARGIN}, MARK, type);
        memory = all.data();
        array = Nd4j.create(memory, shape, Nd4j.getStrides(shape, 'c'), MARGIN, 'c');
    }

    INDArray array() {
        return array;
    }

    /** Fails if anything around the array was written. */
    void check() {
        for (long i = 0; memory != null && i < MARGIN; i++) {
            if (memory.getDouble(i) != MARK || memory.getDouble(length + 2 * MARGIN - 1 - i) != MARK) {
                throw new AssertionError("memory around the output was written");
            }
        }
    }
}
