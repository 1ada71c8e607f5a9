// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Arrays that networks pass to layers, in the type that these compute in. */
public final class Numbers {

    private Numbers() {}

    /**
     * Converts an array, whose type ND4J does not look at.
     *
     * @param array the array. Not modified.
     * @param type type of the result
     * @return the same numbers; the array itself where it has the type
     * @throws IllegalArgumentException if it does not hold numbers
     */
    public static INDArray cast(INDArray array, DataType type) {
        if (!array.dataType().isNumerical() && array.dataType() != DataType.BOOL) {
            throw new IllegalArgumentException("arrays must hold numbers, got one of type " + array.dataType());
        }
        return array.castTo(type);
    }
}
