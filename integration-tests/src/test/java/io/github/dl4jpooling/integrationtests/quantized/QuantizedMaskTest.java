// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.oracle.StepMasks;
import io.github.dl4jpooling.layers.conf.AdaptiveAvgPooling;
import io.github.dl4jpooling.layers.conf.AdaptiveMaxPooling;
import io.github.dl4jpooling.layers.conf.AveragePooling;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.conf.QuantizedPooling;
import io.github.dl4jpooling.layers.conf.SoftPooling;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.QuantizedAdaptiveAvgPool;
import io.github.dl4jpooling.ops.QuantizedAveragePool;
import io.github.dl4jpooling.ops.QuantizedForms;
import io.github.dl4jpooling.ops.QuantizedMaxPool;
import io.github.dl4jpooling.ops.QuantizedSoftPool;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** 8-bit pooling of masked sequences. That it computes what is asked for, {@link QuantizedOpTest} says. */
class QuantizedMaskTest {

    private static final int BATCH = 3;
    private static final int STEPS = 150; // more than a vector
    private static final LayerWorkspaceMgr WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    private static Stream<PoolingOp> ops(boolean last, Quantization q) {
        PoolingWindow window =
                PoolingWindow.builder(3).stride(2).padding(1).channelsLast(last).masked(true).build();
        return Stream.of(new QuantizedMaxPool(window, q), new QuantizedAveragePool(window, q),
                new QuantizedAveragePool(window, true, q, q), new QuantizedSoftPool(window, q),
                new QuantizedAdaptiveAvgPool(last, q, 7).withMask());
    }

    /** Not a bit of a result changes with what masked steps hold, and windows without a step give the real 0. */
    @TestFactory
    Stream<DynamicTest> maskedStepsDoNotMatter() {
        Quantization q = Quantization.of(DataType.INT8, 0.02, 17);
        return Arrays.stream(StepMasks.values()).flatMap(masks -> Stream.of(false, true).flatMap(last -> ops(last, q)
                .map(op -> DynamicTest.dynamicTest(masks + " " + op, () -> {
                    INDArray mask = masks.draw(new Random(1), BATCH, STEPS).toArray(DataType.INT8, false);
                    long[] shape = last ? new long[] {BATCH, STEPS, 70} : new long[] {BATCH, 5, STEPS};
                    INDArray x = Nd4j.rand(DataType.FLOAT, shape).muli(255).subi(128).castTo(DataType.INT8);
                    INDArray spoilt = x.dup();
                    for (int example = 0; example < BATCH; example++) {
                        for (int step = 0; step < STEPS; step++) {
                            if (mask.getInt(example, step) == 0) {
                                spoilt.slice(example).slice(step, last ? 0 : 1).assign(step % 2 == 0 ? 127 : -128);
                            }
                        }
                    }
                    INDArray y = new NDPooling().pool(op, x, mask);
                    Comparison.assertSameBits("output", new NDPooling().pool(op, spoilt, mask), y);
                    Comparison.assertSameBits("other numbers", new NDPooling().pool(op, x, mask.mul(-3)), y);
                    if (masks == StepMasks.ALL) {
                        assertThat(y.castTo(DataType.FLOAT).eq(17).all()).isTrue();
                    }
                }))));
    }

    @TestFactory
    Stream<DynamicTest> layers() {
        return Stream.<PoolingLayer.Builder<?>>of(
                new MaxPooling.Builder(3).stride(2),
                new AveragePooling.Builder(3).convolutionMode(ConvolutionMode.Same),
                new SoftPooling.Builder(2).stride(2),
                new AdaptiveAvgPooling.Builder(5),
                new AdaptiveMaxPooling.Builder(5)).flatMap(
                        builder -> Stream.of(false, true).flatMap(last -> Stream
                                .of(StepMasks.END, StepMasks.HOLES, StepMasks.ONE_EXAMPLE)
                                .map(masks -> DynamicTest.dynamicTest(
                                        builder.getClass().getEnclosingClass().getSimpleName() + " " + masks + " "
                                                + last,
                                        () -> {
                                            builder.channelsLast(last);
                                            check(builder.build(), masks);
                                        }))));
    }

    private static Layer instantiate(PoolingLayer configuration) {
        NeuralNetConfiguration conf = new NeuralNetConfiguration.Builder().layer(configuration).build();
        return configuration.instantiate(conf, null, 0, null, false, DataType.FLOAT);
    }

    private static void check(PoolingLayer pooling, StepMasks masks) {
        Quantization q = Quantization.ofRange(DataType.UINT8, -1, 1);
        INDArray mask = masks.draw(new Random(2), BATCH, 17).toArray(DataType.FLOAT, false);
        INDArray x = Nd4j.rand(DataType.FLOAT, pooling.isChannelsLast()
                ? new long[] {BATCH, 17, 4}
                : new long[] {BATCH, 4, 17}).muli(2).subi(1);
        Layer plain = instantiate(pooling.clone());
        Layer quantized = instantiate(new QuantizedPooling.Builder(pooling).quantization(q).build());
        Pair<INDArray, MaskState> expectedMask = plain.feedForwardMaskArray(mask, MaskState.Active, BATCH);
        Pair<INDArray, MaskState> outputMask = quantized.feedForwardMaskArray(mask, MaskState.Active, BATCH);
        Comparison.assertSameBits("mask", outputMask.getFirst(), expectedMask.getFirst());
        plain.setInput(x, WORKSPACES);
        quantized.setInput(x, WORKSPACES);
        INDArray expected = plain.activate(false, WORKSPACES);
        INDArray actual = quantized.activate(false, WORKSPACES);
        assertThat(actual.sub(expected).amaxNumber().doubleValue()).isBetween(1e-5, 1.01 * q.scale(0));
        for (int example = 0; example < BATCH; example++) {
            for (int step = 0; step < outputMask.getFirst().size(1); step++) {
                if (outputMask.getFirst().getDouble(example, step) == 0) {
                    INDArray column = actual.slice(example).slice(step, pooling.isChannelsLast() ? 0 : 1);
                    assertThat(column.norm1Number().doubleValue()).isZero();
                }
            }
        }
    }

    /** Global pooling of sequences: one vector, without steps and so without a mask. */
    @Test
    void collapsedResults() {
        Quantization q = Quantization.ofRange(DataType.UINT8, 0, 1);
        Layer layer = instantiate(new QuantizedPooling.Builder(new AdaptiveAvgPooling.Builder(1).build())
                .quantization(q).collapsed(true).build());
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 0, 0}, {0, 0, 0, 0}});
        assertThat(layer.feedForwardMaskArray(mask, MaskState.Active, 2).getFirst()).isNull();
        INDArray x = Nd4j.createFromArray(new float[] {1, 0, 1, 1, 1, 1, 1, 1}).reshape(2, 1, 4);
        layer.setInput(x, WORKSPACES);
        INDArray y = layer.activate(false, WORKSPACES);
        assertThat(y.shape()).containsExactly(2, 1);
        assertThat(y.getDouble(0)).isCloseTo(0.5, org.assertj.core.data.Offset.offset(0.01));
        assertThat(y.getDouble(1)).isZero();
    }

    @Test
    void wrongMasks() {
        Quantization q = Quantization.ofRange(DataType.UINT8, 0, 1);
        PoolingWindow window = PoolingWindow.builder(2).masked(true).build();
        INDArray x = Nd4j.zeros(DataType.UINT8, 2, 3, 6);
        PoolingOp max = QuantizedForms.of(new MaxPool(window), q, q).orElseThrow();
        PoolingOp adaptive = new QuantizedAdaptiveAvgPool(false, q, 2).withMask();
        for (PoolingOp op : new PoolingOp[] {max, adaptive}) {
            assertThat(op.inputNames()).containsExactly("input", "mask");
            assertThatThrownBy(() -> new NDPooling().pool(op, x, Nd4j.zeros(DataType.UINT8, 2, 5)))
                    .hasStackTraceContaining("shape of the mask must be [2, 6]").hasStackTraceContaining("[2, 5]");
            assertThatThrownBy(() -> new NDPooling().pool(op, x, Nd4j.zeros(DataType.FLOAT, 2, 6)))
                    .hasStackTraceContaining("mask").hasStackTraceContaining("FLOAT");
        }
        assertThatThrownBy(() -> new QuantizedAdaptiveAvgPool(false, q, 2, 2).withMask())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("masked", "sequences");
    }
}
