// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.samediff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.ForEachWindowOperator;
import io.github.dl4jpooling.ops.ExecutableOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.imports.converters.ImportClassMapping;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The ops themselves: names, registration, execution outside a graph, damaged arguments. */
@ForEachWindowOperator
class OpTest {

    private static final PoolingWindow WINDOW =
            PoolingWindow.builder(3, 2).stride(2, 2).padding(1, 0).build();

    private final PoolingOperator operator;
    private final INDArray x = Nd4j.randn(DataType.FLOAT, 2, 3, 9, 8);
    private final INDArray yGradient = Nd4j.randn(DataType.FLOAT, 2, 3, 5, 4);
    private final INDArray y;
    private final INDArray xGradient;

    OpTest(PoolingOperator operator) {
        this.operator = operator;
        y = Conventions.pool(operator, x, WINDOW);
        xGradient = Conventions.gradient(operator, x, yGradient, WINDOW);
    }

    /** ND4J replaces an op that has the name of one of its own. */
    @Test
    void namesAreOurs() {
        List<ExecutableOp> prototypes = operator.prototypes();
        assertThat(prototypes).extracting(ExecutableOp::opName)
                .containsExactly(operator.opName(), operator.opName() + "_bp")
                .allMatch(name -> name.startsWith("pooling_"));
        for (ExecutableOp op : prototypes) {
            assertThat(ImportClassMapping.getOpNameMapping().get(op.opName())).hasSameClassAs(op);
            assertThat(Nd4j.getExecutioner().getCustomOperations()).doesNotContainKey(op.opName());
        }
        assertThat(prototypes.get(0).opHash()).isNotEqualTo(prototypes.get(1).opHash());
    }

    @Test
    void everyOpIsAnother() {
        ExecutableOp op = operator.newOp();
        ExecutableOp other = operator.newOp();
        assertThat(op).isEqualTo(op).hasSameHashCodeAs(op).isNotEqualTo(other);
        assertThat(op.getOwnName()).isNotNull().isEqualTo(op.getOwnName()).isNotEqualTo(other.getOwnName());
    }

    @Test
    void executedWithoutOutputs() {
        Comparison.assertSameBits("output", Nd4j.exec(Conventions.op(operator, x, null, WINDOW))[0], y);
        Comparison.assertSameBits(
                "gradient", Nd4j.exec(Conventions.gradientOp(operator, x, yGradient, null, WINDOW))[0], xGradient);
    }

    @TestFactory
    Stream<DynamicTest> executedWithOutputs() {
        return Stream.of('c', 'f').map(order -> DynamicTest.dynamicTest("order " + order, () -> {
            INDArray output = Nd4j.valueArrayOf(y.shape(), Float.NaN, DataType.FLOAT).dup(order);
            INDArray gradient = Nd4j.valueArrayOf(x.shape(), Float.NaN, DataType.FLOAT).dup(order);

            assertThat(Nd4j.exec(Conventions.op(operator, x, output, WINDOW))[0]).isSameAs(output);
            assertThat(Nd4j.exec(Conventions.gradientOp(operator, x, yGradient, gradient, WINDOW))[0])
                    .isSameAs(gradient);

            Comparison.assertSameBits("output", output, y);
            Comparison.assertSameBits("gradient", gradient, xGradient);
        }));
    }

    @Test
    void gradientHasNoGradient() {
        SameDiff graph = SameDiff.create();
        SDVariable output = Conventions.pool(operator, graph, "y", graph.var("x", x), WINDOW);
        output.sum("loss");
        graph.setLossVariables("loss");
        graph.createGradFunction();
        SameDiffOp gradient = graph.getFunction("grad").getOps().values().stream()
                .filter(op -> op.getOp().opName().equals(operator.opName() + "_bp"))
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> gradient.getOp().doDiff(List.of(output)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(operator.opName() + "_bp");
    }

    @TestFactory
    Stream<DynamicTest> damagedArguments() {
        return Stream.of(
                new long[] {},
                new long[] {2},
                new long[] {4, 0, 0, 1, 1, 1, 1},
                new long[] {-1, 0, 0},
                new long[] {1, 9, 0, 2, 2, 0, 1},
                new long[] {1, 0, 0, 0, 2, 0, 1},
                new long[] {1, 0, 0, 2, 0, 0, 1},
                new long[] {1, 0, 0, 2, 2, -1, 1},
                new long[] {1, 0, 0, 2, 2, 0, 0},
                new long[] {1, 0, 0, 1L << 40, 2, 0, 1})
                .flatMap(arguments -> operator.prototypes().stream()
                        .map(op -> DynamicTest.dynamicTest(op.opName() + " " + Arrays.toString(arguments), () -> {
                            op.addIArgument(arguments);
                            assertThatThrownBy(op::configureFromArguments)
                                    .isInstanceOf(IllegalArgumentException.class)
                                    .message()
                                    .isNotBlank();
                        })));
    }

    @Test
    void damagedFile(@TempDir Path folder) throws IOException {
        PoolingWindow window = PoolingWindow.builder(7, 6).stride(5, 4).build();
        SameDiff graph = SameDiff.create();
        Conventions.pool(operator, graph, "y", graph.var("x", Nd4j.rand(DataType.FLOAT, 1, 1, 20, 20)), window);
        Path file = folder.resolve("graph.fb");
        graph.save(file.toFile(), false);
        byte[] content = Files.readAllBytes(file);
        int sizes = find(content, 7, 6, 5, 4, 0, 0, 1, 1);
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(sizes, -7);
        Files.write(file, content);

        assertThatThrownBy(() -> SameDiff.load(file.toFile(), false).outputSingle(null, "y"))
                .hasStackTraceContaining("kernel must be at least 1, got [-7, 6]");
    }

    /** Where the numbers stand as little-endian 64-bit integers. */
    private static int find(byte[] content, long... numbers) {
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        for (int start = 0; start + 8 * numbers.length <= content.length; start++) {
            int at = start;
            boolean found = true;
            for (int i = 0; i < numbers.length; i++) {
                found &= buffer.getLong(at + 8 * i) == numbers[i];
            }
            if (found) {
                return start;
            }
        }
        throw new AssertionError("the file does not hold " + Arrays.toString(numbers));
    }
}
