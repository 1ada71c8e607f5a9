// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.integrationtests.oracle.StepMasks;
import io.github.dl4jpooling.integrationtests.oracle.WindowOracle;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SDPooling;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Masked sequences: what is masked is not an element of any window. */
@ForEachWindowOperator
class MaskedSequenceTest {

    private static final double[] GARBAGE = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e30, -1e30
    };

    private final PoolingOperator operator;
    private final WindowOracle oracle;

    MaskedSequenceTest(PoolingOperator operator) {
        this.operator = operator;
        oracle = Conventions.windowOracle(operator);
    }

    /** Overlapping and dilated windows; rows longer than a block; more channels than a vector has lanes. */
    private static List<PoolingWindow> windows() {
        List<PoolingWindow> windows = new ArrayList<>();
        for (boolean channelsLast : new boolean[] {false, true}) {
            windows.add(PoolingWindow.builder(3).stride(2).padding(1).channelsLast(channelsLast).masked(true).build());
            windows.add(PoolingWindow.builder(4).stride(1).channelsLast(channelsLast).masked(true).build());
            windows.add(PoolingWindow.builder(2)
                    .stride(3)
                    .dilation(2)
                    .borderMode(BorderMode.SAME)
                    .channelsLast(channelsLast)
                    .masked(true)
                    .build());
        }
        return windows;
    }

    private interface Check {
        void run(StepMasks masks, PoolingWindow window, int[] shape);
    }

    private static Stream<DynamicTest> everyMask(Check check) {
        return Arrays.stream(StepMasks.values()).flatMap(masks -> windows().stream().flatMap(window -> Stream.of(
                new int[] {3, 2, 330}, new int[] {3, 19, 23}).map(
                        shape -> DynamicTest.dynamicTest(
                                masks + " " + window + " " + Arrays.toString(shape),
                                () -> check.run(masks, window, shape)))));
    }

    private OracleCase draw(StepMasks masks, PoolingWindow window, int... shape) {
        Random random = new Random(shape[1] + 31L * masks.ordinal());
        WindowOp op = oracle.op(window, random);
        PlainArray[] inputs = oracle.inputs(op, random, shape);
        inputs[inputs.length - 1] = masks.draw(random, shape[0], shape[2]);
        return new OracleCase(op, inputs);
    }

    @TestFactory
    Stream<DynamicTest> asDefined() {
        return everyMask((masks, window, shape) -> {
            for (DataType type : operator.dataTypes()) {
                new OperatorRun(oracle, draw(masks, window, shape), type).check();
            }
        });
    }

    /** Not a bit of a result changes, and masked steps have no gradient. */
    @TestFactory
    Stream<DynamicTest> whatMaskedStepsHoldDoesNotMatter() {
        return everyMask((masks, window, shape) -> {
            OracleCase clean = draw(masks, window, shape);
            PlainArray[] spoilt = clean.inputs();
            List<Integer> maps = new ArrayList<>(List.of(0));
            clean.op().inputNames().stream()
                    .filter(name -> ((WindowOp) clean.op()).furtherInputs().stream()
                            .anyMatch(input -> input.isElements() && input.name().equals(name)))
                    .forEach(name -> maps.add(clean.op().inputNames().indexOf(name)));
            maps.forEach(map -> spoilt[map] = spoil(spoilt[map], spoilt[spoilt.length - 1]));
            OperatorRun run = new OperatorRun(oracle, clean, DataType.FLOAT);
            OperatorRun other = new OperatorRun(oracle, new OracleCase(clean.op(), spoilt), DataType.FLOAT);
            PlainArray[] outputs = run.outputs();
            PlainArray[] otherOutputs = other.outputs();
            for (int i = 0; i < outputs.length; i++) {
                assertSame(clean.op().outputNames().get(i), otherOutputs[i], outputs[i]);
            }
            PlainArray yGradient = PlainArray.gaussian(new Random(2), 1, outputs[0].shape());
            PlainArray[] gradients = run.gradients(yGradient);
            PlainArray[] otherGradients = other.gradients(yGradient);
            for (int i = 0; i < gradients.length; i++) {
                assertSame("gradient of " + clean.op().inputNames().get(i), otherGradients[i], gradients[i]);
            }
            maps.stream().filter(map -> map < gradients.length) // those that have one
                    .forEach(map -> assertNoGradient(gradients[map], spoilt[spoilt.length - 1]));
        });
    }

    private static PlainArray spoil(PlainArray map, PlainArray mask) {
        PlainArray result = new PlainArray(map.shape(), map.values().clone());
        for (int i = 0; i < result.values().length; i++) {
            if (isMasked(result, mask, i)) {
                result.values()[i] = GARBAGE[i % GARBAGE.length];
            }
        }
        return result;
    }

    private static boolean isMasked(PlainArray map, PlainArray mask, int i) {
        int[] index = map.index(i);
        return mask.values()[index[0] * mask.shape()[1] + index[2]] == 0;
    }

    private static void assertSame(String name, PlainArray actual, PlainArray expected) {
        Comparison.assertClose(name, actual, expected, value -> 0);
    }

    private static void assertNoGradient(PlainArray gradient, PlainArray mask) {
        for (int i = 0; i < gradient.values().length; i++) {
            if (isMasked(gradient, mask, i)) {
                assertThat(gradient.values()[i]).as("gradient of a masked step").isZero();
            }
        }
    }

    /** Any number but 0 counts, and the mask may be a view. */
    @Test
    void masksOfOtherNumbersAndLayouts() {
        OracleCase drawn = draw(StepMasks.HOLES, windows().get(0), 3, 4, 17);
        INDArray[] inputs = new OperatorRun(oracle, drawn, DataType.FLOAT).arrays();
        INDArray[] others = inputs.clone();
        int last = inputs.length - 1;
        others[last] = inputs[last].mul(-0.25f).dup('f');
        NDPooling pooling = new NDPooling();
        WindowOp op = (WindowOp) drawn.op();
        Comparison.assertSameBits("output", pooling.pool(op, others), pooling.pool(op, inputs));
    }

    @Test
    void emptyBatches() {
        WindowOp op = oracle.op(windows().get(0), null);
        PlainArray[] inputs = oracle.inputs(op, new Random(1), 1, 2, 9);
        INDArray[] arrays = new OperatorRun(oracle, new OracleCase(op, inputs), DataType.FLOAT).arrays();
        for (int i = 0; i < arrays.length; i++) {
            if (i == 0 || i == arrays.length - 1 || op.furtherInputs().get(i - 1).sharing().perExample()) {
                long[] shape = arrays[i].shape();
                shape = shape.clone();
                shape[0] = 0;
                arrays[i] = Nd4j.create(DataType.FLOAT, shape);
            }
        }
        assertThat(new NDPooling().pool(op, arrays).shape()).containsExactly(0, 2, 5);
    }

    @Test
    void graphs() {
        OracleCase drawn = draw(StepMasks.HOLES, windows().get(0), 3, 4, 17);
        WindowOp op = (WindowOp) drawn.op();
        INDArray[] inputs = new OperatorRun(oracle, drawn, DataType.DOUBLE).arrays();
        SameDiff graph = SameDiff.create();
        SDVariable[] variables = new SDVariable[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            variables[i] = i < op.differentiableInputs() ? graph.var("v" + i, inputs[i]) : graph.constant(inputs[i]);
        }
        SDVariable y = new SDPooling(graph).pool("y", op, variables);
        y.norm2("loss").markAsLoss();
        Comparison.assertSameBits("output", graph.outputSingle(Map.of(), "y"), new NDPooling().pool(op, inputs));
        INDArray gradient = graph.calculateGradients(Collections.emptyMap(), "v0").get("v0");
        INDArray yArray = new NDPooling().pool(op, inputs);
        INDArray expected = gradients(op, yArray.div(yArray.norm2Number()), inputs);
        Comparison.assertClose("gradient", PlainArray.of(gradient, false), PlainArray.of(expected, false),
                value -> 1e-10);
        Comparison.assertSameBits("copy", graph.dup().outputSingle(Map.of(), "y"), yArray);
    }

    private static INDArray gradients(WindowOp op, INDArray yGradient, INDArray... inputs) {
        NDPooling pooling = new NDPooling();
        INDArray[] outputs = op.outputNames().size() == 1 ? new INDArray[1] : pooling.outputs(op, inputs);
        return pooling.gradients(op, yGradient, outputs, inputs)[0];
    }

    @Test
    void wrongMasks() {
        WindowOp op = oracle.op(windows().get(0), null);
        PlainArray[] numbers = oracle.inputs(op, new Random(1), 2, 3, 9);
        INDArray[] inputs = new OperatorRun(oracle, new OracleCase(op, numbers), DataType.FLOAT).arrays();
        int last = inputs.length - 1;
        assertRejected(op, inputs, last, Nd4j.ones(DataType.FLOAT, 2, 8), "mask", "[2, 9]", "[2, 8]");
        assertRejected(op, inputs, last, Nd4j.ones(DataType.FLOAT, 2, 1, 9), "mask", "[2, 9]", "[2, 1, 9]");
        assertRejected(op, inputs, last, Nd4j.ones(DataType.DOUBLE, 2, 9), "mask", "FLOAT", "DOUBLE");
        assertThatThrownBy(() -> PoolingWindow.builder(2, 2).masked(true).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("masked", "sequences", "[2, 2]");
        assertThatThrownBy(() -> oracle.op(PoolingWindow.builder(2, 2).build(), null).withMask())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(operator.title(), "masked", "sequences");
    }

    private void assertRejected(WindowOp op, INDArray[] inputs, int place, INDArray wrong, String... parts) {
        INDArray[] arrays = inputs.clone();
        arrays[place] = wrong;
        assertThatThrownBy(() -> new NDPooling().pool(op, arrays))
                .hasStackTraceContaining(operator.title())
                .satisfies(e -> Arrays.stream(parts).forEach(part -> assertThat(e).hasStackTraceContaining(part)));
    }
}
