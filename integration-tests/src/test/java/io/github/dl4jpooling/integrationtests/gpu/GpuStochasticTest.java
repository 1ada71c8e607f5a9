// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.kernel.ComputeDevices;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.StochasticPool;
import io.github.dl4jpooling.ops.TrainingPhase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The same seed draws the same elements on the GPU and on the CPU. */
@OnGpu
class GpuStochasticTest {

    private final NDPooling pooling = new NDPooling();

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
    void stochasticPooling(DataType type) {
        INDArray x = Nd4j.rand(DataType.FLOAT, 3, 5, 41, 37).castTo(type);
        for (StochasticPool.ZeroPolicy policy : StochasticPool.ZeroPolicy.values()) {
            StochasticPool op = new StochasticPool(
                    PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build(), TrainingPhase.TRAINING, policy)
                            .withSeed(123);
            ComputeDevices.use("cpu");
            INDArray[] expected = pooling.outputs(op, x);
            ComputeDevices.use("cuda");
            INDArray[] actual = pooling.outputs(op, x);
            Comparison.assertSameBits("chosen element", actual[1], expected[1]);
            Comparison.assertSameBits("output", actual[0], expected[0]);
            INDArray other = pooling.outputs(op.withSeed(124), x)[1];
            assertThat(other.eq(actual[1]).castTo(DataType.INT32).sumNumber().longValue()).isLessThan(x.length());
        }
    }
}
