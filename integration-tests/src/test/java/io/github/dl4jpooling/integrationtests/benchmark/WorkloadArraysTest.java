// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.kernel.MemoryStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WorkloadArraysTest {

    private static final List<String> KINDS = Workloads.all().stream()
            .map(workload -> workload.toString().replaceFirst(" [\\dx]+ (\\w+ \\w+)$", " SHAPE $1"))
            .distinct().collect(Collectors.toList());

    /** Every kind of workload on a small map. */
    static Stream<String> workloads() {
        return KINDS.stream().map(text -> {
            Workload any = Workloads.all().stream()
                    .filter(workload -> workload.toString().startsWith(text.split(" SHAPE")[0])).findFirst()
                    .orElseThrow();
            StringBuilder shape = new StringBuilder("2x3");
            for (int i = 0; i < any.dimensions(); i++) {
                shape.append("x60");
            }
            return text.replace("SHAPE", shape);
        });
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void runs(String text) {
        WorkloadArrays arrays = new WorkloadArrays(Workload.of(text));
        arrays.forward();
        arrays.backward();
        assertThat(arrays.output().isNaN().any()).isFalse();
        assertThat(arrays.output().castTo(DataType.DOUBLE).std(false).getDouble()).isPositive();
    }

    @Test
    void stridedArraysAreNotDense() {
        INDArray input = new WorkloadArrays(Workload.of("soft_pool 2x2/2 2x3x4x4 float strided")).input();
        assertThat(input.shape()).containsExactly(2, 3, 4, 4);
        assertThat(input.stride()).containsExactly(16, 32, 4, 1);
    }

    @Test
    void streamReadsEverything() {
        INDArray read = Nd4j.ones(DataType.DOUBLE, 70000);
        INDArray written = Nd4j.create(DataType.DOUBLE, 8192);
        MemoryStream.run(read, written);
        assertThat(written.eq(0).any()).isFalse();
        read.putScalar(69999, Double.NaN);
        MemoryStream.run(read, written);
        assertThat(written.isNaN().any()).isTrue();
    }

    @Test
    void streamTakesArraysWithoutGapsOnly() {
        INDArray array = Nd4j.ones(DataType.FLOAT, 4, 6);
        assertThatThrownBy(() -> MemoryStream.run(array.tensorAlongDimension(0, 0), Nd4j.ones(DataType.FLOAT, 2)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("gaps");
    }
}
