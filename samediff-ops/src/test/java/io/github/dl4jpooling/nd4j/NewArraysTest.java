// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

class NewArraysTest {

    private static final List<long[]> SHAPES = List.of(
            new long[] {}, new long[] {5}, new long[] {1, 7}, new long[] {7, 1}, new long[] {3, 4},
            new long[] {1, 1, 1},
            new long[] {2, 3, 4}, new long[] {1, 5, 1, 1}, new long[] {0, 3, 4}, new long[] {2, 3, 1, 5, 4},
            new long[] {2, 1024, 1024});

    @Test
    void areThoseOfNd4j() {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.FLOAT16, DataType.INT64, DataType.BOOL}) {
            for (long[] shape : SHAPES) {
                LongShapeDescriptor array = LongShapeDescriptor.fromShape(shape, type);
                for (int round = 0; round < 2; round++) {
                    INDArray expected = Nd4j.create(array, false);
                    INDArray made = NewArrays.create(array);
                    assertThat(made.shapeInfoJava()).isEqualTo(expected.shapeInfoJava());
                    assertThat(made.length()).isEqualTo(expected.length());
                    assertThat(made.data() == null).isEqualTo(expected.data() == null);
                    assertThat(made.isEmpty() || made.data().length() == expected.data().length()).isTrue();
                    assertThat(made.offset()).isZero();
                }
            }
        }
    }

    @Test
    void haveMemoryOfTheirOwn() {
        LongShapeDescriptor array = LongShapeDescriptor.fromShape(new long[] {2, 3, 4}, DataType.FLOAT);
        INDArray first = NewArrays.create(array).assign(1);
        INDArray second = NewArrays.create(array).assign(2);
        first.close();
        assertThat(second.sumNumber().doubleValue()).isEqualTo(48);
        assertThat(NewArrays.create(array).assign(3).sumNumber().doubleValue()).isEqualTo(72);
    }

    @Test
    void lieInTheCurrentWorkspace() {
        LongShapeDescriptor array = LongShapeDescriptor.fromShape(new long[] {2, 3, 4}, DataType.FLOAT);
        assertThat(NewArrays.create(array).isAttached()).isFalse();
        try (MemoryWorkspace workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace("NewArraysTest")) {
            INDArray made = NewArrays.create(array);
            assertThat(made.data().getParentWorkspace()).isSameAs(workspace);
        }
    }
}
