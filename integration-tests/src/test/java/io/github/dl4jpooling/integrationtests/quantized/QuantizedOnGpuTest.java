// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.quantized;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.gpu.OnGpu;
import io.github.dl4jpooling.ops.Dequantize;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.Quantize;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Operators of 8-bit numbers on a GPU. */
@OnGpu
class QuantizedOnGpuTest {

    private static final int CASES = 40;

    @TestFactory
    Stream<DynamicTest> againstOracles() {
        return QuantizedOpTest.cases(CASES, 77);
    }

    @Test
    void thereAndBack() {
        Quantization q = Quantization.of(DataType.INT8, 0.25, -7);
        INDArray x = Nd4j.arange(-30, 30).castTo(DataType.DOUBLE).muli(0.25).reshape(3, 4, 5);
        INDArray codes = new NDPooling().pool(new Quantize(q), x);
        assertThat(codes.dataType()).isEqualTo(DataType.INT8);
        INDArray back = new NDPooling().pool(new Dequantize(q, false, DataType.DOUBLE), codes);
        assertThat(back).isEqualTo(x);
    }
}
