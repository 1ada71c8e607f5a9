// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.layers.conf.AdaptiveAvgPooling;
import io.github.dl4jpooling.layers.conf.AdaptiveMaxPooling;
import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.conf.S3Pooling;
import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.S3Pool;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Adaptive and S3 pooling of masked sequences. */
class MaskedCellLayerTest {

    private static final Map<String, Supplier<PoolingLayer>> LAYERS = new TreeMap<>(Map.of(
            "means of 4 cells", () -> new AdaptiveAvgPooling.Builder(4).build(),
            "maxima of 4 cells", () -> new AdaptiveMaxPooling.Builder(4).build(),
            "more cells than steps", () -> new AdaptiveAvgPooling.Builder(13).build(),
            "S3", () -> new S3Pooling.Builder(3).spatialDimensions(1).build(),
            "S3, several of a cell", () -> new S3Pooling.Builder(2).gridSize(6).spatialDimensions(1).build(),
            "S3 of means", () -> new S3Pooling.Builder(3).maxFirst(false).spatialDimensions(1).build()));

    private static Stream<DynamicTest> everyLayer(BiConsumer<MaskedLayerCase, PoolingLayer> check) {
        return LAYERS.entrySet().stream().flatMap(layer -> MaskedLayerCase.forEachMask(
                PoolingOperator.SOFT_POOL, layer.getKey() + ", ",
                masked -> check.accept(masked, layer.getValue().get())));
    }

    @TestFactory
    Stream<DynamicTest> gradients() {
        return everyLayer(MaskedLayerCase::assertGradients);
    }

    @TestFactory
    Stream<DynamicTest> whatMaskedStepsHoldDoesNotMatter() {
        return everyLayer((masked, pooling) -> {
            masked.assertMaskedStepsDoNotMatter(pooling, true);
            masked.assertMaskedStepsDoNotMatter(pooling, false);
        });
    }

    /** With positive steps: what has a mask of 1 has an element, whatever is drawn; all else is 0. */
    @TestFactory
    Stream<DynamicTest> outputMasks() {
        return everyLayer((masked, pooling) -> {
            Layer layer = masked.networks().network(pooling).getLayer(1);
            int channelAxis = ((PoolingLayer) layer.conf().getLayer()).isChannelsLast() ? 2 : 1;
            INDArray x = masked.networks().input();
            x.muli(x).addi(1);
            INDArray mask = layer.feedForwardMaskArray(masked.mask(), MaskState.Active, Networks.BATCH).getFirst();
            for (int draw = 0; draw < 20; draw++) {
                INDArray y = masked.run(layer, x, draw > 0)[0];
                assertThat(y.min(channelAxis).gt(0.5).castTo(DataType.DOUBLE)).isEqualTo(mask);
                assertThat(y.max(channelAxis).gt(0).castTo(DataType.DOUBLE)).isEqualTo(mask);
            }
        });
    }

    /** Steps 0 to 8 in cells 0-2, 2-4, 4-6, 6-8. */
    @Test
    void adaptiveByHand() {
        INDArray x = Nd4j.createFromArray(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}).reshape(1, 1, 9);
        INDArray mask = Nd4j.createFromArray(new double[] {0, 1, 1, 0, 0, 0, 0, 1, 1}).reshape(1, 9);
        NDPooling pooling = new NDPooling();
        AdaptiveMaxPool max = new AdaptiveMaxPool(4);
        INDArray[] largest = pooling.outputs(max.withMask(), x, mask);
        assertThat(largest[0].ravel().toDoubleVector()).containsExactly(3, 3, 0, 9);
        assertThat(largest[1].ravel().toLongVector()).containsExactly(2, 2, -1, 8);
        assertThat(max.outputMask(mask).ravel().toDoubleVector()).containsExactly(1, 1, 0, 1);
        AdaptiveAvgPooling mean = new AdaptiveAvgPooling.Builder(4).build();
        assertThat(pooling.pool(mean.maskedOp(false), x, mask).ravel().toDoubleVector()).containsExactly(2.5, 3, 0,
                8.5);
    }

    /** The windows of a cell that hold a step stand in front, and each of them is drawn. */
    @Test
    void windowsWithoutStepsLoseTheDraw() {
        INDArray x = Nd4j.linspace(DataType.DOUBLE, 1.0, 1.0, 12).reshape(1, 1, 12);
        INDArray mask = Nd4j.createFromArray(new double[] {1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0}).reshape(1, 12);
        S3Pool op = S3Pool.builder(2).gridSize(6).dimensions(1).maxFirst(false).masked(true).build();
        int[] kept = new int[12];
        for (int draw = 0; draw < 100; draw++) {
            INDArray[] outputs = new NDPooling().outputs(op, x, mask);
            long[] index = outputs[1].ravel().toLongVector();
            assertThat(index).containsExactly(0, 2, 5, 10, -1, -1);
            assertThat(outputs[0].ravel().toDoubleVector()).containsExactly(1, 3, 6, 11, 0, 0);
        }
        mask.putScalar(0, 8, 1); // four for three places
        mask.putScalar(0, 7, 1);
        mask.putScalar(0, 9, 1);
        for (int draw = 0; draw < 200; draw++) {
            long[] index = new NDPooling().outputs(op, x, mask)[1].ravel().toLongVector();
            for (int i = 3; i < 6; i++) {
                assertThat(index[i]).isBetween(7L, 10L);
                kept[(int) index[i]]++;
            }
            assertThat(index[3]).isLessThan(index[4]);
            assertThat(index[4]).isLessThan(index[5]);
        }
        for (int step = 7; step <= 10; step++) { // 3 of 4
            assertThat(kept[step]).isBetween(150 - 35, 150 + 35);
        }
    }

    /** A mask that leaves everything changes nothing, not even what is drawn. */
    @Test
    void maskOfOnes() {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 24);
        INDArray ones = Nd4j.ones(DataType.DOUBLE, 2, 24);
        for (TrainingPhase phase : List.of(TrainingPhase.TRAINING, TrainingPhase.INFERENCE)) {
            S3Pool.Builder s3 = S3Pool.builder(2).gridSize(6).dimensions(1).seed(4).phase(phase);
            INDArray expected = new NDPooling().pool(s3.build(), x);
            INDArray actual = new NDPooling().pool(s3.masked(true).build(), x, ones);
            assertThat(actual.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-12);
        }
    }

    @Test
    void wrongMasks() {
        PoolingOp adaptive = new AdaptiveMaxPool(4).withMask();
        PoolingOp s3 = S3Pool.builder(2).dimensions(1).masked(true).build();
        INDArray x = Nd4j.ones(DataType.FLOAT, 2, 3, 9);
        for (PoolingOp op : List.of(adaptive, s3)) {
            assertThat(op.inputNames()).startsWith("input", "mask");
            assertThatThrownBy(() -> new NDPooling().pool(op, x, Nd4j.ones(DataType.FLOAT, 2, 8)))
                    .hasStackTraceContaining(op.operator().title()).hasStackTraceContaining("[2, 9]")
                    .hasStackTraceContaining("[2, 8]");
            assertThatThrownBy(() -> new NDPooling().pool(op, x, Nd4j.ones(DataType.DOUBLE, 2, 9)))
                    .hasStackTraceContaining("mask").hasStackTraceContaining("DOUBLE");
            assertThat(new NDPooling().pool(op, Nd4j.create(DataType.FLOAT, 0, 3, 9), Nd4j.create(DataType.FLOAT, 0, 9))
                    .size(0)).isZero();
        }
        assertThatThrownBy(() -> new AdaptiveMaxPool(4, 4).withMask())
                .hasMessageContainingAll("Adaptive maximum pooling", "masked", "sequences");
        assertThatThrownBy(() -> S3Pool.builder(2).masked(true).build())
                .hasMessageContainingAll("S3 pooling", "masked", "sequences");
        assertThatThrownBy(() -> new AdaptiveMaxPooling.Builder(4, 4).build().reduceMask(Nd4j.ones(2, 1, 9, 9)))
                .hasMessageContainingAll("mask", "sequences", "[2, 1, 9, 9]");
        S3Pooling uneven = new S3Pooling.Builder(2).gridSize(6).spatialDimensions(1).build();
        assertThatThrownBy(() -> uneven.reduceMask(Nd4j.ones(2, 10)))
                .hasMessageContainingAll("sizes in training and at inference", "10 steps");
    }
}
