// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.ops.SoftPool;
import java.lang.reflect.Field;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;
import org.nd4j.linalg.env.EnvironmentalAction;
import org.nd4j.linalg.factory.Nd4j;

class PoolingIntegrationTest {

    @Test
    void startOfNd4jInstalls() {
        assertThat(Nd4j.getExecutioner()).isInstanceOf(PoolingOpExecutioner.class);
        assertThat(ServiceLoader.load(EnvironmentalAction.class))
                .anyMatch(PoolingEnvironmentalAction.class::isInstance);
        assertThat(System.getenv()).containsKey(new PoolingEnvironmentalAction().targetVariable());
    }

    @Test
    void opsOfNd4jStillRun() {
        INDArray a = Nd4j.createFromArray(1f, 2, 3, 4).reshape(1, 1, 2, 2);
        assertThat(Nd4j.nn().softmax(a, 3).sumNumber().doubleValue()).isEqualTo(2);
        assertThat(a.add(a).sumNumber().doubleValue()).isEqualTo(20);
        assertThat(Nd4j.getExecutioner().type()).isEqualTo(OpExecutioner.ExecutionerType.NATIVE_CPU);
    }

    /** ND4J's own executioner would end the JVM. */
    @Test
    void anotherExecutionerIsNoticed() throws ReflectiveOperationException {
        Nd4j.zeros(DataType.FLOAT, 1);
        Field field = Nd4j.class.getDeclaredField("OP_EXECUTIONER_INSTANCE");
        field.setAccessible(true);
        Object ours = field.get(null);
        SoftPool op = new SoftPool();
        field.set(null, new NativeOpExecutioner());
        try {
            assertThatThrownBy(op::opHash)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("pooling_soft", NativeOpExecutioner.class.getName());
        } finally {
            field.set(null, ours);
        }
        assertThat(op.opHash()).isNotZero();
    }

    @Test
    void installingTwiceChangesNothing() {
        OpExecutioner before = Nd4j.getExecutioner();
        PoolingIntegration.install();
        assertThat(Nd4j.getExecutioner()).isSameAs(before);
        assertThat(StreamSupport.stream(ServiceLoader.load(EnvironmentalAction.class).spliterator(), false)
                .filter(PoolingEnvironmentalAction.class::isInstance))
                        .hasSize(1);
    }
}
