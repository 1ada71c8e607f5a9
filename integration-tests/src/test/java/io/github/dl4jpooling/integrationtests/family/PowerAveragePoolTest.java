// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.PowerAveragePool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Images whose powers do not fit in a float go another way than their neighbours in the batch. */
class PowerAveragePoolTest {

    private static final double SCALE = 1e-20;

    private final NDPooling pooling = new NDPooling();

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "DOUBLE"})
    void scales(DataType type) {
        PowerAveragePool op = new PowerAveragePool(PoolingWindow.builder(3, 3).stride(2, 2).build());
        INDArray ordinary = Nd4j.randn(type, 2, 8, 9, 35);
        INDArray small = ordinary.mul(SCALE);
        INDArray x = Nd4j.concat(0, ordinary, small);
        INDArray power = Nd4j.valueArrayOf(new long[] {1}, 3, type);

        INDArray y = pooling.pool(op, x, power);
        INDArray gradient = Nd4j.rand(type, y.shape());
        gradient.get(interval(2, 4)).assign(gradient.get(interval(0, 2)));
        INDArray[] gradients = pooling.gradients(op, gradient, x, power);
        INDArray byPowerOfOrdinary =
                pooling.gradients(op, gradient.get(interval(0, 2)).dup(), ordinary, power)[1];

        assertClose(y.get(interval(2, 4)).div(SCALE), y.get(interval(0, 2)));
        assertClose(gradients[0].get(interval(2, 4)), gradients[0].get(interval(0, 2)));
        assertClose(gradients[1], byPowerOfOrdinary.mul(1 + SCALE));
        assertThat(pooling.pool(op, ordinary, power).equalsWithEps(y.get(interval(0, 2)), 0)).isTrue();
    }

    private static void assertClose(INDArray actual, INDArray expected) {
        assertThat(actual.dup().equalsWithEps(expected.dup(), 2e-5)).isTrue();
    }
}
