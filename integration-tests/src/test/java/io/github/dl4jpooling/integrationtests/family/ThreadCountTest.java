// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Results have the same bits for every number of threads, and every time. */
@ForEachWindowOperator
class ThreadCountTest {

    private final PoolingOperator operator;
    private final NativeOps nd4j;
    private final int threads;

    ThreadCountTest(PoolingOperator operator) {
        this.operator = operator;
        Nd4j.getBackend(); // NativeOpsHolder works only after ND4J has started
        nd4j = NativeOpsHolder.getInstance().getDeviceNativeOps();
        threads = nd4j.ompGetMaxThreads();
    }

    @AfterEach
    void restoreThreads() {
        nd4j.setOmpNumThreads(threads);
    }

    @TestFactory
    Stream<DynamicTest> sameBits() {
        return Stream.of(
                test(PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build(), 3, 7, 61, 83),
                test(PoolingWindow.builder(2, 2).build(), 5, 13, 64, 64),
                test(PoolingWindow.builder(3, 3).stride(1, 1).channelsLast(true).build(), 2, 41, 43, 37),
                test(PoolingWindow.builder(2, 2).channelsLast(true).build(), 3, 31, 29, 53),
                test(PoolingWindow.builder(5).stride(2).build(), 1, 1, 200_003),
                test(PoolingWindow.builder(2, 3, 3).stride(1, 2, 2).build(), 1, 3, 21, 39, 41));
    }

    private DynamicTest test(PoolingWindow window, long... shape) {
        return DynamicTest.dynamicTest(window.toString(), () -> {
            INDArray x = Nd4j.randn(DataType.FLOAT, shape);
            nd4j.setOmpNumThreads(1);
            INDArray y = Conventions.pool(operator, x, window);
            INDArray yGradient = Nd4j.randn(DataType.FLOAT, y.shape());
            INDArray xGradient = Conventions.gradient(operator, x, yGradient, window);
            IntStream.of(1, 2, 2, 3, 8).forEach(count -> {
                nd4j.setOmpNumThreads(count);
                assertThat(nd4j.ompGetMaxThreads()).isEqualTo(count);
                Comparison.assertSameBits("output with " + count + " threads", Conventions.pool(operator, x, window),
                        y);
                Comparison.assertSameBits(
                        "gradient with " + count + " threads",
                        Conventions.gradient(operator, x, yGradient, window),
                        xGradient);
            });
        });
    }
}
