// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays of one computation. Those outside workspaces give their memory back at its end, not at some garbage
 * collection.
 */
final class Temporaries implements AutoCloseable {

    private final List<INDArray> arrays = new ArrayList<>();

    /** Takes an array over, which must share its memory with none that lives on. */
    INDArray add(INDArray array) {
        arrays.add(array);
        return array;
    }

    INDArray create(DataType type, long... shape) {
        return add(Nd4j.createUninitialized(type, shape, 'c'));
    }

    /** A new array of the shape and type of another. */
    INDArray like(INDArray array) {
        return create(array.dataType(), array.shape());
    }

    @Override
    public void close() {
        for (INDArray array : arrays) {
            if (array.closeable()) {
                array.close();
            }
        }
    }
}
