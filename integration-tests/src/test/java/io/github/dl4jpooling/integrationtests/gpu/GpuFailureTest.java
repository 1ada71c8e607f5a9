// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.kernel.ComputeDevices;
import io.github.dl4jpooling.kernel.GpuException;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SoftPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.LoggerFactory;

/** Whatever fails in the driver or the compiler is reported, and the library goes on. */
@OnGpu
class GpuFailureTest {

    private static final PoolingWindow WINDOW = PoolingWindow.builder(2, 2).build();

    private final NDPooling pooling = new NDPooling();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ComputeDevices.class);
    private INDArray x;
    private INDArray expected;

    @BeforeEach
    void computeOnTheCpu() {
        assumeTrue(Stub.isThere(), "only the stub driver fails when it is told to");
        ComputeDevices.use("cpu");
        x = Nd4j.rand(DataType.FLOAT, 2, 3, 8, 8);
        expected = pooling.pool(new SoftPool(WINDOW), x);
        Stub.forget();
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void goOn() {
        logger.detachAppender(log);
        if (Stub.isThere()) {
            Stub.forget();
            assertWorksOn("cuda:0");
        }
    }

    private void assertWorksOn(String device) {
        assertThat(ComputeDevices.inUse()).isEqualTo(device);
        INDArray y = pooling.pool(new SoftPool(WINDOW), x);
        assertThat(y.sub(expected).norm2Number().doubleValue()).isLessThan(1e-5);
        assertThat(ComputeDevices.inUse()).isEqualTo(device);
    }

    private void assertFails(String... message) {
        assertThatThrownBy(() -> pooling.pool(new SoftPool(WINDOW), x))
                .isInstanceOf(GpuException.class)
                .hasMessageContaining("Kernel soft_pool_forward on FLOAT[2, 3, 8, 8]")
                .hasMessageContaining("CUDA device 0")
                .hasMessageContainingAll(message);
    }

    @ParameterizedTest
    @CsvSource({
        "devices=0,there is no CUDA device",
        "fail=cuInit:100,CUDA_ERROR_NO_DEVICE",
        "fail=cuInit:999,cuInit: 999",
        "fail=nvrtcGetNumSupportedArchs:4,nvrtcGetNumSupportedArchs",
        "capability=30,no target for a device of compute capability 3.0",
        "capability=86 fail=cuDevicePrimaryCtxRetain:46,cuDevicePrimaryCtxRetain: 46",
    })
    void aGpuThatCannotBeOpened(String stub, String reason) {
        Stub.tell(stub);
        ComputeDevices.use("cuda");
        assertWorksOn("cpu");
        pooling.pool(new SoftPool(WINDOW), x);
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getFormattedMessage()).contains("run on the CPU").contains(
                stub.equals("devices=0") ? "cuInit: 100" : reason);
    }

    @Test
    void aDeviceThatDoesNotExist() {
        ComputeDevices.use("cuda:7");
        assertWorksOn("cpu");
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getFormattedMessage()).contains("there is no CUDA device 7, only 1");
    }

    @Test
    void theSecondDevice() {
        Stub.tell("devices=2");
        ComputeDevices.use("cuda:1");
        assertWorksOn("cuda:1");
    }

    @Test
    void aSourceThatDoesNotCompile() {
        // What was compiled before is in the cache: for this device nothing was.
        Stub.tell("capability=52 fail=nvrtcCompileProgram:6");
        ComputeDevices.use("cuda");
        assertFails("NVRTC cannot compile soft_pool.cu", "sm_50", "NVRTC_ERROR_COMPILATION", "injected by a test");
    }

    /** The capability makes it a device of its own where what was loaded or allocated before would be used again. */
    @ParameterizedTest
    @CsvSource({
        "cuModuleLoadData,200,60",
        "cuModuleGetFunction,500,75",
        "cuMemAlloc,2,70",
        "cuMemcpyHtoDAsync,1,80",
        "cuLaunchKernel,701,80",
        "cuMemcpyDtoHAsync,1,80",
        "cuStreamSynchronize,1,80",
    })
    void aCallThatFails(String function, int code, int capability) {
        Stub.tell("capability=" + capability + " fail=" + function + ":" + code);
        ComputeDevices.use("cuda");
        assertFails(function, Integer.toString(code));
        assertThatThrownBy(() -> pooling.pool(new SoftPool(WINDOW), x))
                .isInstanceOfSatisfying(GpuException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(ComputeDevices.inUse()).as("another call may succeed").isEqualTo("cuda:0");
        Stub.tell("");
        assertWorksOn("cuda:0");
    }

    @Test
    void aDeviceThatIsLost() {
        Stub.tell("fail=cuLaunchKernel:719 lost=719");
        assertFails("lost", "later calls run on the CPU");
        assertWorksOn("cpu");
        pooling.pool(new SoftPool(WINDOW), x);
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getFormattedMessage()).contains("device 0 was lost");
    }

    @Test
    void inputsStayAsTheyWere() {
        INDArray before = x.dup();
        Stub.tell("fail=cuLaunchKernel:701");
        assertFails("cuLaunchKernel");
        Comparison.assertSameBits("input", x, before);
    }

    @Test
    void settingsThatNameNoDevice() {
        for (String device : new String[] {"gpu", "cuda:", "cuda:x", "cuda:-1", "cpu:0", "", "cuda:1234"}) {
            assertThatThrownBy(() -> ComputeDevices.use(device))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("auto, cpu, cuda or cuda:N")
                    .hasMessageContaining("\"" + device + "\"");
        }
        assertThat(ComputeDevices.inUse()).isEqualTo("cuda:0");
    }

    @Test
    void devicesAreDescribed() {
        Stub.tell("devices=2");
        ComputeDevices.use("cuda:1");
        assertThat(ComputeDevices.found()).extracting(device -> device.name() + " " + device.isInUse())
                .containsExactly("cpu false", "cuda:0 false", "cuda:1 true");
        assertThat(ComputeDevices.found().get(2).details())
                .contains("Stub 1", "compute capability 8.0", "1.0 GiB", "driver 12.2", "NVRTC 11.6");
        assertThat(ComputeDevices.found().get(1).reason()).contains("not chosen by the program: cuda:1");
        ComputeDevices.use("auto");
        assertThat(ComputeDevices.found().get(1).reason()).contains("ND4J's arrays are on the CPU");
        ComputeDevices.use("cuda:1");
    }
}
