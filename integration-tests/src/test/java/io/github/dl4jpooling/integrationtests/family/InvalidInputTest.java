// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.ExecutableOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What does not fit gets an error that names the operator, the value and what is allowed; never a crash. */
@ForEachWindowOperator
class InvalidInputTest {

    private static final PoolingWindow WINDOW = PoolingWindow.builder(2, 2).build();

    private final PoolingOperator operator;
    private final INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3, 8, 6);
    private final INDArray yGradient = Nd4j.rand(DataType.FLOAT, 2, 3, 4, 3);

    InvalidInputTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> rank() {
        return Stream.of(new long[] {7}, new long[] {8, 6}, new long[] {3, 8, 6}, new long[] {2, 3, 4, 8, 6})
                .map(shape -> DynamicTest.dynamicTest(shape.length + " axes", () -> {
                    INDArray wrong = Nd4j.rand(DataType.FLOAT, shape);
                    assertRejected(() -> Conventions.pool(operator, wrong, WINDOW), "rank 4", "[N,C,H,W]", text(wrong));
                    assertRejected(() -> Conventions.gradient(operator, wrong, yGradient, WINDOW), "rank 4",
                            text(wrong));
                }));
    }

    @Test
    void scalar() {
        INDArray scalar = Nd4j.scalar(1f);
        assertRejected(() -> Conventions.pool(operator, scalar, WINDOW), "rank 4", "[]");
        assertRejected(() -> Conventions.gradient(operator, scalar, scalar, WINDOW), "rank 4", "[]");
        assertRejected(() -> Conventions.gradient(operator, x, scalar, WINDOW), "[2, 3, 4, 3]", "[]");
    }

    @TestFactory
    Stream<DynamicTest> type() {
        return Stream.of(DataType.INT32, DataType.INT64, DataType.BOOL, DataType.UINT8, DataType.INT16, DataType.UINT64)
                .map(type -> DynamicTest.dynamicTest(type.toString(), () -> {
                    INDArray wrong = x.castTo(type);
                    assertRejected(() -> Conventions.pool(operator, wrong, WINDOW), "type", type.toString(), "FLOAT");
                    assertRejected(
                            () -> Conventions.gradient(operator, wrong, yGradient, WINDOW), "type", type.toString());
                    assertRejected(
                            () -> Conventions.gradient(operator, x, yGradient.castTo(type), WINDOW),
                            "type", type.toString(), "FLOAT");
                }));
    }

    @Test
    void text() {
        INDArray text = Nd4j.create("a", "b", "c", "d").reshape(1, 1, 2, 2);
        assertRejected(() -> Conventions.pool(operator, text, WINDOW), "type", "UTF8");
    }

    @Test
    void gradientOfAnotherType() {
        assertRejected(
                () -> Conventions.gradient(operator, x, yGradient.castTo(DataType.DOUBLE), WINDOW),
                "gradient of the output", "FLOAT", "DOUBLE");
    }

    @TestFactory
    Stream<DynamicTest> gradientOfAnotherShape() {
        return Stream.of(new long[] {2, 3, 3, 4}, new long[] {2, 3, 4}, new long[] {2, 3, 8, 6}, new long[] {72})
                .map(shape -> DynamicTest.dynamicTest(shape.length + " axes", () -> {
                    INDArray wrong = Nd4j.rand(DataType.FLOAT, shape);
                    assertRejected(
                            () -> Conventions.gradient(operator, x, wrong, WINDOW),
                            "gradient of the output", "[2, 3, 4, 3]", text(wrong));
                }));
    }

    @Test
    void outputOfAnotherShapeOrType() {
        INDArray wrongShape = Nd4j.create(DataType.FLOAT, 2, 3, 3, 4);
        INDArray wrongType = Nd4j.create(DataType.DOUBLE, 2, 3, 4, 3);
        assertRejected(() -> Nd4j.exec(Conventions.op(operator, x, wrongShape, WINDOW)), "output", "[2, 3, 4, 3]");
        assertRejected(() -> Nd4j.exec(Conventions.op(operator, x, wrongType, WINDOW)), "output", "DOUBLE", "FLOAT");
        assertRejected(
                () -> Nd4j.exec(Conventions.gradientOp(operator, x, yGradient, yGradient.dup(), WINDOW)),
                "gradient of the input", "[2, 3, 8, 6]", "[2, 3, 4, 3]");
        assertRejected(
                () -> Nd4j.exec(Conventions.gradientOp(operator, x, yGradient, x.castTo(DataType.DOUBLE), WINDOW)),
                "gradient of the input", "DOUBLE", "FLOAT");
    }

    @Test
    void sizes() {
        PoolingWindow large = PoolingWindow.builder(9, 2).build();
        assertRejected(() -> Conventions.pool(operator, x, large), "larger than the padded map", "9", "[2, 3, 8, 6]");
        PoolingWindow strict = PoolingWindow.builder(2, 2)
                .stride(3, 3)
                .borderMode(BorderMode.STRICT)
                .build();
        assertRejected(() -> Conventions.pool(operator, x, strict), "STRICT", "multiple of the stride", "[2, 3, 8, 6]");
        INDArray noRows = Nd4j.create(DataType.FLOAT, 2, 3, 0, 6);
        for (BorderMode mode : BorderMode.values()) {
            PoolingWindow window = PoolingWindow.builder(2, 2).borderMode(mode).build();
            assertRejected(() -> Conventions.pool(operator, noRows, window), "at least 1", "[2, 3, 0, 6]");
        }
    }

    @Test
    void hugeSizes() {
        int huge = Integer.MAX_VALUE;
        PoolingWindow window = PoolingWindow.builder(huge, huge).stride(huge, huge).dilation(huge, huge).build();
        assertRejected(() -> Conventions.pool(operator, x, window), "larger than the padded map");
        PoolingWindow far = PoolingWindow.builder(1, 1).stride(huge, huge).build();
        assertThat(Conventions.pool(operator, x, far).shape()).containsExactly(2, 3, 1, 1);
    }

    @Test
    void closedArrays() {
        INDArray closed = x.dup();
        closed.close();
        assertClosed(() -> Conventions.pool(operator, closed, WINDOW));
        assertClosed(() -> Conventions.gradient(operator, closed, yGradient, WINDOW));
        INDArray closedGradient = yGradient.dup();
        closedGradient.close();
        assertClosed(() -> Conventions.gradient(operator, x, closedGradient, WINDOW));
        assertClosed(() -> Nd4j.exec(Conventions.op(operator, x, closedGradient, WINDOW)));
    }

    private static void assertClosed(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void overlap() {
        INDArray memory = Nd4j.rand(DataType.FLOAT, 3, 3, 8, 6);
        INDArray input = memory.get(NDArrayIndex.interval(0, 2));
        INDArray overlapping = memory.get(NDArrayIndex.interval(1, 3));
        assertThatThrownBy(() -> Conventions.backward(operator, WINDOW, input, yGradient, overlapping))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not share memory");
        assertThatThrownBy(() -> Conventions.backward(operator, WINDOW, input, yGradient, input))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not share memory");
        INDArray apart = memory.get(NDArrayIndex.interval(2, 3));
        Conventions.backward(operator, WINDOW, input, yGradient, Nd4j.create(DataType.FLOAT, 2, 3, 8, 6));
        Conventions.backward(
                operator, WINDOW, memory.get(NDArrayIndex.interval(0, 1)), yGradient.get(NDArrayIndex.interval(0, 1)),
                apart);
    }

    @Test
    void missingArrays() {
        for (ExecutableOp op : operator.prototypes()) {
            op.addIArgument(Conventions.op(operator, WINDOW).iArgs());
            op.addTArgument(Conventions.op(operator, WINDOW).tArgs());
            op.configureFromArguments();
            String inputs = op.inputNames().size() + " input arrays";
            assertRejected(() -> Nd4j.exec(op), op.opName(), inputs, "got 0");
            op.addOutputArgument(x.dup());
            assertRejected(() -> Nd4j.exec(op), op.opName(), inputs, "got 0");
        }
        ExecutableOp oneInput = Conventions.gradientOp(operator, x, yGradient, null, WINDOW);
        oneInput.inputArguments().remove(1);
        assertRejected(() -> Nd4j.exec(oneInput), oneInput.opName(),
                (oneInput.inputArguments().size() + 1) + " input arrays", "got " + oneInput.inputArguments().size());
        int count = Conventions.op(operator, WINDOW).inputNames().size();
        assertRejected(
                () -> Conventions.op(operator, WINDOW).outputShapes(Collections.nCopies(count, null)),
                "input is missing");
        ExecutableOp noOutput = Conventions.op(operator, x, yGradient.dup(), WINDOW);
        List<INDArray> outputs = new ArrayList<>(noOutput.outputArguments());
        outputs.set(0, null);
        assertRejected(() -> noOutput.execute(noOutput.inputArguments(), outputs), "output is missing");
        ExecutableOp noGradient = Conventions.gradientOp(operator, x, yGradient, x.dup(), WINDOW);
        List<INDArray> inputs = new ArrayList<>(noGradient.inputArguments());
        inputs.set(inputs.size() - 1, null);
        assertRejected(
                () -> noGradient.execute(inputs, noGradient.outputArguments()), "gradient of the output is missing");
    }

    @Test
    void missingWindow() {
        ExecutableOp op = operator.newOp();
        Conventions.op(operator, WINDOW).inputNames().forEach(name -> op.addInputArgument(x));
        assertRejected(() -> Nd4j.exec(op), "Arguments of a pooling window");
        assertThatThrownBy(() -> Conventions.pool(operator, x, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("window");
    }

    private void assertRejected(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(operator.title() + ": ")
                .satisfies(error -> assertThat(List.of(parts)).allMatch(error.getMessage()::contains));
    }

    private static String text(INDArray array) {
        return Arrays.toString(array.shape());
    }
}
