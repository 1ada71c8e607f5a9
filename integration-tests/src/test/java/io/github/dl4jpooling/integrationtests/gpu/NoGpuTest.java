// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.dl4jpooling.kernel.ComputeDevice;
import io.github.dl4jpooling.kernel.ComputeDevices;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SoftPool;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.LoggerFactory;

/** A machine without NVIDIA's libraries, or without a GPU. */
class NoGpuTest {

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ComputeDevices.class);

    @BeforeEach
    void listen() {
        assumeFalse(
                ComputeDevices.found().stream().anyMatch(device -> device.name().startsWith("cuda:")),
                "this machine has a GPU");
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        ComputeDevices.use(null);
    }

    @Test
    void operatorsRunOnTheCpuAndOneLineIsLogged() {
        INDArray x = Nd4j.rand(DataType.DOUBLE, 1, 2, 6, 6);
        SoftPool op = new SoftPool(PoolingWindow.builder(2, 2).build());
        INDArray expected = new NDPooling().pool(op, x);
        assertThat(log.list).isEmpty();
        ComputeDevices.use("cuda");
        assertThat(new NDPooling().pool(op, x)).isEqualTo(expected);
        assertThat(new NDPooling().pool(op, x)).isEqualTo(expected);
        assertThat(ComputeDevices.inUse()).isEqualTo("cpu");
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getFormattedMessage()).startsWith("Pooling operators run on the CPU");
    }

    @Test
    void theListSaysWhatIsMissing() {
        for (int i = 0; i < 2; i++) {
            List<ComputeDevice> devices = ComputeDevices.found();
            assertThat(devices).extracting(ComputeDevice::name).containsExactly("cpu", "cuda");
            assertThat(devices.get(0).isInUse()).isTrue();
            assertThat(devices.get(1).isInUse()).isFalse();
            assertThat(devices.get(1).reason()).containsAnyOf("libcuda", "org.bytedeco:cuda", "NO_DEVICE");
        }
        ComputeDevices.use("cuda:0");
        assertThat(ComputeDevices.found().get(0).reason()).startsWith("no GPU: ");
    }
}
