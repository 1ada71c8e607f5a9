// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.family.ArrayLayout;
import io.github.dl4jpooling.integrationtests.family.GuardedArray;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.AdaptiveAvgPool;
import io.github.dl4jpooling.ops.Dequantize;
import io.github.dl4jpooling.ops.FakeQuantize;
import io.github.dl4jpooling.ops.MinPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.Quantize;
import io.github.dl4jpooling.ops.QuantizedAdaptiveMaxPool;
import io.github.dl4jpooling.ops.QuantizedAveragePool;
import io.github.dl4jpooling.ops.QuantizedForms;
import io.github.dl4jpooling.ops.QuantizedMaxPool;
import io.github.dl4jpooling.ops.QuantizedRoiAlign;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.SDPooling;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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

/** Numbers to bytes and back; what operators of 8-bit numbers refuse; graphs with them. */
class QuantizationOpTest {

    private static final PoolingWindow WINDOW = PoolingWindow.builder(2, 2).build();
    private static final Quantization UNSIGNED = Quantization.of(DataType.UINT8, 0.5, 10);

    private final NDPooling pooling = new NDPooling();

    private static double[] numbers(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    @Test
    void tiesGoToTheEvenNumberAndTheRangeEnds() {
        INDArray x = Nd4j.createFromArray(0.25, 0.75, -0.25, -0.75, 0.5, 1e30, -1e30, Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY, Double.NaN).reshape(1, 10);
        INDArray q = pooling.pool(new Quantize(UNSIGNED), x);
        assertThat(q.dataType()).isEqualTo(DataType.UINT8);
        assertThat(numbers(q)).containsExactly(10, 12, 10, 8, 11, 255, 0, 255, 0, 10);
        INDArray signed = pooling.pool(new Quantize(Quantization.of(DataType.INT8, 0.5, -118)), x);
        assertThat(signed.dataType()).isEqualTo(DataType.INT8);
        assertThat(numbers(signed)).containsExactly(-118, -116, -118, -120, -117, 127, -128, 127, -128, -118);
    }

    @TestFactory
    Stream<DynamicTest> everyTypeAndLayout() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16)
                .map(type -> DynamicTest.dynamicTest(type.toString(), () -> {
                    Random random = new Random(type.ordinal());
                    for (int i = 0; i < 60; i++) {
                        thereAndBack(type, random);
                    }
                }));
    }

    private void thereAndBack(DataType type, Random random) {
        int[] shape = new int[2 + random.nextInt(4)];
        Arrays.setAll(shape, axis -> 1 + random.nextInt(axis == shape.length - 1 ? 70 : 4));
        boolean last = random.nextBoolean();
        int channels = random.nextBoolean() ? shape[1] : 1;
        double[] scales = new double[channels];
        int[] zeros = new int[channels];
        Arrays.setAll(scales, c -> Math.pow(2, random.nextInt(9) - 6));
        Arrays.setAll(zeros, c -> random.nextInt(256) - 128);
        Quantization q = Quantization.perChannel(DataType.INT8, scales, zeros);
        PlainArray codes = PlainArray.zeros(shape);
        PlainArray real = PlainArray.zeros(shape);
        for (int i = 0; i < codes.values().length; i++) {
            int channel = real.index(i)[1];
            codes.values()[i] = random.nextInt(256) - 128;
            real.values()[i] = q.scale(channel) * (codes.values()[i] - q.zeroPoint(channel));
        }
        ArrayLayout[] layouts = ArrayLayout.values();
        GuardedArray x = layouts[random.nextInt(layouts.length)].copy(real, type, last);
        GuardedArray bytes = layouts[random.nextInt(layouts.length)].create(DataType.INT8, shape, last);
        GuardedArray back = layouts[random.nextInt(layouts.length)].create(type, shape, last);
        new Quantize(q, last).execute(List.of(x.array()), List.of(bytes.array()));
        assertThat(bytes.read().values()).as("%s %s", type, Arrays.toString(shape)).containsExactly(codes.values());
        new Dequantize(q, last, type).execute(List.of(bytes.array()), List.of(back.array()));
        assertThat(back.read().values()).as("%s %s", type, Arrays.toString(shape)).containsExactly(real.values());
    }

    @Test
    void rangesHoldZeroExactly() {
        Quantization q = Quantization.ofRange(DataType.UINT8, 1, 510);
        assertThat(q.zeroPoint(0)).isZero();
        assertThat(q.scale(0)).isEqualTo(2);
        Quantization signed = Quantization.ofRange(DataType.INT8, -2, 3.1);
        assertThat(signed.zeroPoint(0)).isEqualTo(-28);
        assertThat(Quantization.ofRange(DataType.INT8, -3, -1).zeroPoint(0)).isEqualTo(127);
        assertThat(Quantization.ofRange(DataType.UINT8, 0, 0)).isEqualTo(Quantization.of(DataType.UINT8, 1, 0));
    }

    @Test
    void errorsNameOperatorAndValue() {
        assertRefused(() -> Quantization.of(DataType.UINT8, 0, 0), "scale", "got 0.0");
        assertRefused(() -> Quantization.of(DataType.UINT8, -1, 0), "scale", "got -1.0");
        assertRefused(() -> Quantization.of(DataType.UINT8, Double.NaN, 0), "scale", "got NaN");
        assertRefused(() -> Quantization.of(DataType.UINT8, 1, -1), "zero point", "from 0 to 255", "got -1");
        assertRefused(() -> Quantization.of(DataType.INT8, 1, 128), "zero point", "from -128 to 127", "got 128");
        assertRefused(() -> Quantization.of(DataType.INT16, 1, 0), "INT8 or UINT8", "SHORT");
        assertRefused(() -> Quantization.ofRange(DataType.INT8, 2, 1), "range", "2.0 to 1.0");
        assertRefused(() -> Quantization.ofRange(DataType.INT8, Double.NaN, 1), "range", "NaN");
        INDArray floats = Nd4j.create(DataType.FLOAT, 1, 3, 4, 4);
        INDArray signed = Nd4j.create(DataType.INT8, 1, 3, 4, 4);
        assertRefused(() -> pooling.pool(new QuantizedMaxPool(WINDOW, UNSIGNED), floats),
                "8-bit maximum pooling", "type of the input", "FLOAT");
        assertRefused(() -> pooling.pool(new QuantizedMaxPool(WINDOW, UNSIGNED), signed),
                "8-bit maximum pooling", "type of the input", "UBYTE", "got BYTE");
        Quantization two = Quantization.perChannel(DataType.INT8, new double[] {1, 2}, new int[] {0, 0});
        assertRefused(() -> pooling.pool(new QuantizedAveragePool(WINDOW, two), signed),
                "8-bit average pooling", "3 channels", "2");
        assertRefused(() -> new QuantizedMaxPool(WINDOW, UNSIGNED, two), "same type", "UBYTE", "BYTE");
        assertRefused(() -> new QuantizedAveragePool(WINDOW, Double.NaN, UNSIGNED, UNSIGNED), "divisor", "NaN");
        assertRefused(() -> pooling.pool(new Quantize(two), floats), "Quantisation", "3 channels");
        assertRefused(() -> pooling.pool(new FakeQuantize(UNSIGNED), Nd4j.create(DataType.FLOAT, 4)),
                "Fake quantisation", "2 to 5 axes", "[4]");
        assertRefused(() -> pooling.pool(new Dequantize(UNSIGNED), signed), "Dequantisation", "UBYTE", "BYTE");
        assertRefused(() -> new Dequantize(UNSIGNED, false, DataType.INT32), "outputType", "INT");
        QuantizedRoiAlign align = new QuantizedRoiAlign(RegionGrid.builder(2, 2).build(), UNSIGNED);
        INDArray map = Nd4j.create(DataType.UINT8, 1, 3, 4, 4);
        assertRefused(() -> pooling.pool(align, map, Nd4j.createFromArray(new float[][] {{1, 0, 0, 2, 2}})),
                "8-bit RoIAlign", "number of the image", "1.0");
        assertRefused(() -> pooling.pool(align, map, Nd4j.createFromArray(new float[][] {{0, 0, 0, Float.NaN, 2}})),
                "8-bit RoIAlign", "finite", "NaN");
        assertThat(QuantizedForms.of(new MinPool(WINDOW), UNSIGNED, UNSIGNED)).isEmpty();
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).satisfies(thrown -> {
            Throwable cause = thrown; // ND4J wraps what ops throw
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            assertThat(cause).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(parts);
        });
    }

    @TestFactory
    Stream<DynamicTest> thereIsNoGradient() {
        return Arrays.stream(PoolingOperator.values()).filter(operator -> !operator.hasGradient())
                .map(operator -> DynamicTest.dynamicTest(operator.title(), () -> {
                    assertThatThrownBy(() -> operator.newOp().gradient())
                            .isInstanceOf(UnsupportedOperationException.class)
                            .hasMessageContainingAll(operator.title(), "FakeQuantize");
                    assertThat(operator.newOp().differentiableInputs()).isZero();
                    assertThat(operator.prototypes()).hasSize(1);
                }));
    }

    @Test
    void emptyBatches() {
        for (PoolingOp op : List.of(new QuantizedMaxPool(WINDOW, UNSIGNED),
                new QuantizedAdaptiveMaxPool(false, UNSIGNED, 2, 2))) {
            assertThat(pooling.pool(op, Nd4j.create(DataType.UINT8, 0, 3, 4, 4)).shape())
                    .containsExactly(0, 3, 2, 2);
        }
        assertThat(pooling.pool(new FakeQuantize(UNSIGNED), Nd4j.create(DataType.FLOAT, 0, 3)).shape())
                .containsExactly(0, 3);
        INDArray regions = pooling.pool(new QuantizedRoiAlign(RegionGrid.builder(2, 2).build(), UNSIGNED),
                Nd4j.create(DataType.UINT8, 1, 3, 4, 4), Nd4j.create(DataType.FLOAT, 0, 5));
        assertThat(regions.shape()).containsExactly(0, 3, 2, 2);
    }

    /** A graph that goes down to 8 bits and back, and one with fake quantisation that is differentiated. */
    @Test
    void graphs() throws java.io.IOException {
        SameDiff graph = SameDiff.create();
        SDPooling ops = new SDPooling(graph);
        Quantization q = Quantization.perChannel(DataType.INT8, new double[] {0.05, 0.1}, new int[] {3, -20});
        INDArray x = Nd4j.randn(DataType.FLOAT, 2, 2, 6, 6);
        SDVariable input = graph.var("x", x);
        SDVariable codes = ops.pool("codes", new Quantize(q), input);
        SDVariable pooled = ops.pool("pooled", QuantizedForms.of(new AdaptiveAvgPool(2, 3), q, q).get(), codes);
        ops.pool("y", new Dequantize(q), pooled);
        SDVariable fake = ops.pool("fake", new FakeQuantize(q), input);
        fake.mul(fake).sum().rename("loss");
        graph.setLossVariables("loss");
        INDArray expected = pooling.pool(new AdaptiveAvgPool(2, 3), x);
        INDArray fakeOfX = pooling.pool(new FakeQuantize(q), x);
        java.io.File file = java.io.File.createTempFile("graph", ".fb");
        try {
            graph.save(file, false);
            for (SameDiff each : new SameDiff[] {graph, graph.dup(), SameDiff.load(file, false)}) {
                INDArray y = each.outputSingle(Collections.emptyMap(), "y");
                assertThat(y.sub(expected).amaxNumber().doubleValue()).isLessThan(0.1 * 1.01);
                INDArray gradient = each.calculateGradients(Collections.emptyMap(), "x").get("x");
                assertThat(gradient).isEqualTo(fakeOfX.mul(2));
            }
        } finally {
            assertThat(file.delete()).isTrue();
        }
    }
}
