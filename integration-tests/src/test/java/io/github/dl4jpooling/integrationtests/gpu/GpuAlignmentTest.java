// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jpooling.integrationtests.family.ArrayLayout;
import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.ForEachWindowOperator;
import io.github.dl4jpooling.integrationtests.family.WindowCase;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowInput;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Window kernels that read groups of neighbours at once give the bits of those that read elements one by one, which
 * run where memory is not aligned.
 */
@OnGpu
@ForEachWindowOperator
class GpuAlignmentTest {

    private static final int[] SHAPE = {2, 8, 6, 16};
    private static final String FORWARD = "forward_1";

    private final PoolingOperator operator;
    private final String tiles;
    private final String channels; // null where gradients are not gathered by an index

    GpuAlignmentTest(PoolingOperator operator) {
        this.operator = operator;
        boolean chooses = operator == PoolingOperator.MAX_POOL || operator == PoolingOperator.MEDIAN_POOL;
        tiles = chooses ? "backward_2" : "backward_4";
        channels = chooses ? "backward_1" : null;
    }

    @AfterEach
    void alignedAsBefore() {
        if (Stub.isThere()) {
            Stub.forget();
        }
    }

    private static PoolingWindow.Builder window(int size, boolean channelsLast) {
        return PoolingWindow.builder(size, size).channelsLast(channelsLast);
    }

    @TestFactory
    Stream<DynamicTest> groups() {
        assumeTrue(Stub.isThere(), "only the stub driver gives memory that is not aligned");
        return Stream.of(
                test(window(2, false), FORWARD, tiles),
                test(window(2, true), FORWARD, tiles),
                test(window(2, false).stride(1, 2), FORWARD, null),
                test(window(2, true).stride(2, 1).dilation(1, 3), FORWARD, channels),
                test(window(3, true).stride(2, 1).padding(1, 0), null, channels),
                test(window(2, true).stride(2, 2).borderMode(BorderMode.SAME), FORWARD, tiles));
    }

    private DynamicTest test(PoolingWindow.Builder builder, String forward, String backward) {
        PoolingWindow window = builder.build();
        int widest = channels != null ? Long.BYTES : 0;
        // What all channels share has no neighbours along them.
        boolean shared = window.channelsLast()
                && Conventions.op(operator, window).furtherInputs().stream().anyMatch(WindowInput::isSites);
        return DynamicTest.dynamicTest(
                window.toString(), () -> operator.dataTypes().forEach(type -> Alignment.assertSameBits(
                        new WindowCase(window, type, SHAPE).run(operator), type, widest, shared ? null : forward,
                        shared ? null : backward)));
    }

    /** Rows of a view need not be aligned where its first element is. */
    @TestFactory
    Stream<DynamicTest> views() {
        assumeTrue(Stub.isThere(), "only the stub driver tells which kernels ran");
        return Stream.of(false, true).flatMap(last -> operator.dataTypes().stream().map(type -> {
            PoolingWindow window = window(2, last).build();
            return DynamicTest.dynamicTest(window + " " + type, () -> Stream.of(0, 1, 2).forEach(i -> {
                ArrayLayout[] layouts = {ArrayLayout.DENSE, ArrayLayout.DENSE, ArrayLayout.DENSE};
                layouts[i] = ArrayLayout.BOX;
                WindowCase view = new WindowCase(window, type, SHAPE).layouts(layouts[0], layouts[1], layouts[2]);
                Alignment.Traced traced = Alignment.run(view.run(operator), type, 0);
                if (i == 0 && type != DataType.DOUBLE) { // rows of the view have two elements more
                    assertThat(traced.kernels()).noneMatch(name -> name.contains(FORWARD));
                }
                Alignment.assertSame(traced, Alignment.run(new WindowCase(window, type, SHAPE).run(operator), type, 0));
            }));
        }));
    }
}
