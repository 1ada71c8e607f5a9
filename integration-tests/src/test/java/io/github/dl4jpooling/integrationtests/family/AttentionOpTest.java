// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.AttentionGate;
import io.github.dl4jpooling.ops.AttentionOp;
import io.github.dl4jpooling.ops.AttentionPool;
import io.github.dl4jpooling.ops.CrossAttentionPool;
import io.github.dl4jpooling.ops.MultiHeadAttentionPool;
import io.github.dl4jpooling.ops.NDPooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Attention pooling: masks, zeros for scores, extreme scores, empty arrays, errors. */
class AttentionOpTest {

    private static final long CHANNELS = 3;
    private static final long LENGTH = 5;

    private static List<AttentionOp> masked() {
        return List.of(
                new AttentionPool(1, false, AttentionGate.CHANNEL, 0, true),
                new AttentionPool(1, false, AttentionGate.POSITION, 2, true),
                new MultiHeadAttentionPool(1, false, 2, 2, 3, true),
                new CrossAttentionPool(1, 1, false, 2, 3, true, true));
    }

    private static INDArray[] inputs(AttentionOp op, long examples) {
        boolean isTwo = op instanceof CrossAttentionPool;
        List<INDArray> inputs = new ArrayList<>();
        for (int map = 0; map < (isTwo ? 2 : 1); map++) {
            long[] shape = {examples, CHANNELS, LENGTH};
            inputs.add(examples == 0 ? Nd4j.create(DataType.FLOAT, shape) : Nd4j.randn(DataType.FLOAT, shape));
        }
        long[] channels = isTwo ? new long[] {CHANNELS, CHANNELS} : new long[] {CHANNELS};
        op.parameterShapes(channels).values().forEach(shape -> inputs.add(Nd4j.randn(DataType.FLOAT, shape)));
        for (int map = 0; map < (isTwo ? 2 : 1); map++) {
            long[] shape = {examples, LENGTH};
            inputs.add(examples == 0 ? Nd4j.create(DataType.FLOAT, shape) : Nd4j.ones(DataType.FLOAT, shape));
        }
        return inputs.toArray(new INDArray[0]);
    }

    private static Stream<DynamicTest> each(Consumer<AttentionOp> test) {
        return masked().stream().map(op -> DynamicTest.dynamicTest(op.toString(), () -> test.accept(op)));
    }

    /** Not even NaN gets through a mask, to outputs or gradients; an example without positions gives 0 everywhere. */
    @TestFactory
    Stream<DynamicTest> masksHideEverything() {
        return each(op -> {
            INDArray[] inputs = inputs(op, 3);
            int last = inputs.length - 1;
            inputs[last].putScalar(0, 1, 0);
            inputs[last].putScalar(0, 3, 0);
            inputs[last].getRow(1).assign(0);
            int map = op instanceof CrossAttentionPool ? 1 : 0;
            INDArray yGradient = Nd4j.randn(DataType.FLOAT, 3, op.outputSize(CHANNELS, CHANNELS));
            INDArray y = new NDPooling().pool(op, inputs);
            INDArray[] gradients = new NDPooling().gradients(op, yGradient, inputs);
            for (int c = 0; c < CHANNELS; c++) {
                inputs[map].putScalar(0, c, 1, Double.NaN);
                inputs[map].putScalar(0, c, 3, Double.POSITIVE_INFINITY);
                inputs[0].putScalar(1, c, 2, Double.NaN);
            }
            Comparison.assertSameBits("output", new NDPooling().pool(op, inputs), y);
            INDArray[] again = new NDPooling().gradients(op, yGradient, inputs);
            for (int i = 0; i < gradients.length; i++) {
                Comparison.assertSameBits(op.inputNames().get(i), again[i], gradients[i]);
                assertThat(Double.isFinite(gradients[i].sumNumber().doubleValue())).isTrue();
            }
            assertThat(y.getRow(1).amaxNumber().doubleValue()).isZero();
            assertThat(y.getRow(0).amaxNumber().doubleValue()).isPositive();
            for (int c = 0; c < CHANNELS; c++) {
                assertThat(gradients[map].getDouble(0, c, 1)).isZero();
                assertThat(gradients[map].getDouble(0, c, 3)).isZero();
                for (int i = 0; i <= map; i++) {
                    assertThat(gradients[i].getDouble(1, c, 2)).isZero();
                }
            }
        });
    }

    @Test
    void scoresOfZeroGiveTheMean() {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 4, 3, 5);
        INDArray mean = x.mean(2, 3);
        INDArray position = new NDPooling().pool(new AttentionPool(2, false, AttentionGate.POSITION, 0, false), x,
                Nd4j.zeros(DataType.DOUBLE, 1, 4));
        INDArray channel = new NDPooling().pool(new AttentionPool(2, false, AttentionGate.CHANNEL, 0, false), x,
                Nd4j.zeros(DataType.DOUBLE, 4, 4), Nd4j.zeros(DataType.DOUBLE, 4));
        for (INDArray y : new INDArray[] {position, channel}) {
            Comparison.assertClose("output", PlainArray.of(y, false), PlainArray.of(mean, false), v -> 1e-14);
        }
    }

    /** Gates that all vanish in float still weigh. */
    @Test
    void extremeScores() {
        INDArray x = Nd4j.createFromArray(new float[][][] {{{1, 2, 3}}});
        for (float bias : new float[] {-1e4f, 1e4f}) {
            INDArray y = new NDPooling().pool(new AttentionPool(1, false, AttentionGate.CHANNEL, 0, false), x,
                    Nd4j.zeros(DataType.FLOAT, 1, 1), Nd4j.createFromArray(bias));
            assertThat(y.getDouble(0)).isEqualTo(2, within(1e-6));
        }
        INDArray y = new NDPooling().pool(new AttentionPool(1, false, AttentionGate.POSITION, 0, false), x,
                Nd4j.createFromArray(new float[][] {{1e30f}}));
        assertThat(y.getDouble(0)).isEqualTo(3);
    }

    @TestFactory
    Stream<DynamicTest> noExamples() {
        return each(op -> {
            INDArray[] inputs = inputs(op, 0);
            INDArray y = new NDPooling().pool(op, inputs);
            assertThat(y.shape()).containsExactly(0, op.outputSize(CHANNELS, CHANNELS));
            INDArray[] gradients = new NDPooling().gradients(op, y, inputs);
            for (int i = 0; i < gradients.length; i++) {
                assertThat(gradients[i].shape()).containsExactly(inputs[i].shape());
                assertThat(gradients[i].isEmpty() || gradients[i].amaxNumber().doubleValue() == 0).isTrue();
            }
        });
    }

    @Test
    void errors() {
        assertRejected(() -> new AttentionPool(4, false, AttentionGate.CHANNEL, 0, false), "Attention pooling",
                "dimensions must be from 1 to 3", "got 4");
        assertRejected(() -> new AttentionPool(1, false, AttentionGate.CHANNEL, -1, false), "hiddenUnits", "got -1");
        assertRejected(() -> new MultiHeadAttentionPool(1, false, 0, 1, 1, false), "queries", "got 0");
        assertRejected(() -> new CrossAttentionPool(1, 0, false, 1, 1, false, false), "otherDimensions", "got 0");
        for (AttentionOp op : masked()) {
            INDArray[] inputs = inputs(op, 2);
            for (int i = 1; i < inputs.length; i++) {
                INDArray[] wrong = inputs.clone();
                wrong[i] = Nd4j.ones(DataType.FLOAT, 7, 3, 2);
                assertRejected(() -> new NDPooling().pool(op, wrong), op.operator().title(), op.inputNames().get(i),
                        "[7, 3, 2]");
            }
        }
    }

    private static void assertRejected(Runnable call, String... parts) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(error -> assertThat(Arrays.asList(parts)).allMatch(error.getMessage()::contains));
    }
}
