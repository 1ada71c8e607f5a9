// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.ops.AdaptiveAvgPool;
import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import io.github.dl4jpooling.ops.AveragePool;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.GatedPool;
import io.github.dl4jpooling.ops.GemPool;
import io.github.dl4jpooling.ops.LipPool;
import io.github.dl4jpooling.ops.LogMeanExpPool;
import io.github.dl4jpooling.ops.LpPool;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.MaxUnpool;
import io.github.dl4jpooling.ops.MedianPool;
import io.github.dl4jpooling.ops.MinPool;
import io.github.dl4jpooling.ops.MixedPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PnormPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.PowerAveragePool;
import io.github.dl4jpooling.ops.RangePool;
import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.SoftPool;
import io.github.dl4jpooling.ops.SpatialPyramidPool;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Bins;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Type;
import io.github.dl4jpooling.ops.SumPool;
import io.github.dl4jpooling.ops.TreePool;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Operators that become others with particular settings, in double, with several windows and both orders of axes. */
@ParameterizedClass(name = "{0}")
@MethodSource("windows")
class IdentityTest {

    private static final double TINY = 1e-12;
    private static final int CHANNELS = 3;
    private static final int HEIGHT = 8;
    private static final int WIDTH = 9;

    private final PoolingWindow window;
    private final INDArray x;

    IdentityTest(PoolingWindow window) {
        this.window = window;
        Nd4j.getRandom().setSeed(5);
        x = window.channelsLast()
                ? Nd4j.randn(DataType.DOUBLE, 2, HEIGHT, WIDTH, CHANNELS)
                : Nd4j.randn(DataType.DOUBLE, 2, CHANNELS, HEIGHT, WIDTH);
    }

    static Stream<PoolingWindow> windows() {
        return Stream.of(false, true).flatMap(last -> Stream.of(
                PoolingWindow.builder(2, 2),
                PoolingWindow.builder(3, 3).stride(2, 2),
                PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1),
                PoolingWindow.builder(3, 2).stride(1, 1).dilation(1, 2),
                PoolingWindow.builder(3, 3).stride(3, 2).borderMode(BorderMode.CEIL),
                PoolingWindow.builder(2, 4).stride(1, 3).borderMode(BorderMode.SAME))
                .map(builder -> builder.channelsLast(last).build()));
    }

    private static INDArray pool(PoolingOp op, INDArray... inputs) {
        return new NDPooling().pool(op, inputs);
    }

    private INDArray average(INDArray input) {
        return pool(new AveragePool(window), input);
    }

    private INDArray maximum(INDArray input) {
        return pool(new MaxPool(window), input);
    }

    private static void assertSame(INDArray actual, INDArray expected) {
        assertNear(actual, expected, TINY);
    }

    private static void assertNear(INDArray actual, INDArray expected, double tolerance) {
        assertThat(actual.shape()).containsExactly(expected.shape());
        assertThat(Transforms.abs(actual.sub(expected)).maxNumber().doubleValue()).isLessThanOrEqualTo(tolerance);
    }

    private static INDArray number(double value) {
        return Nd4j.createFromArray(value);
    }

    private INDArray mask(double value, int... masks) {
        long[] shape = Stream.of(masks, window.kernel()).flatMapToInt(Arrays::stream).asLongStream().toArray();
        return Nd4j.valueArrayOf(shape, value, DataType.DOUBLE);
    }

    @Test
    void localImportance() {
        assertSame(pool(new LipPool(window), x, x), pool(new SoftPool(window), x));
        assertSame(pool(new LipPool(window), x, x.mul(0)), average(x));
        assertNear(pool(new LipPool(window), x, x.mul(20)), maximum(x), 0.05);
        assertNear(pool(new LipPool(window), x, x.mul(1e6)), maximum(x), 1e-4);
    }

    @Test
    void powerMeans() {
        INDArray magnitudes = Transforms.abs(x);
        assertSame(pool(new PowerAveragePool(window), magnitudes, number(1)), average(magnitudes));
        assertNear(pool(new PowerAveragePool(window), magnitudes, number(3000)), maximum(magnitudes), 0.01);
        assertSame(pool(new PowerAveragePool(window), x, number(1)), average(magnitudes));
        assertSame(pool(new GemPool(window), magnitudes.add(1), number(1)), average(magnitudes.add(1)));
        assertSame(pool(new GemPool(window, Sharing.LAYER, 0.5), magnitudes.add(1), number(2.5)),
                pool(new PowerAveragePool(window), magnitudes.add(1), number(2.5)));
        assertSame(pool(new PnormPool(window, 1), x), pool(new SumPool(window), magnitudes));
        assertNear(pool(new PnormPool(window, 1e4), x), maximum(magnitudes), 0.01);
    }

    @Test
    void lpWithPowerOneIsTheAverageTimesTheSizeOfTheWindow() {
        int size = Arrays.stream(window.kernel()).reduce(1, (a, b) -> a * b);
        INDArray positive = Transforms.abs(x).add(0.1);
        assertSame(pool(new LpPool(window, 1), positive), average(positive).mul(size));
    }

    @Test
    void mixed() {
        assertSame(pool(new MixedPool(window), x, number(1)), maximum(x));
        assertSame(pool(new MixedPool(window), x, number(0)), average(x));
        assertSame(pool(new MixedPool(window), x, number(0.25)), maximum(x).mul(0.25).add(average(x).mul(0.75)));
    }

    @Test
    void gated() {
        GatedPool op = new GatedPool(window, Sharing.LAYER, true);
        assertSame(pool(op, x, number(1e6), mask(0.3)), maximum(x));
        assertSame(pool(op, x, number(-1e6), mask(0.3)), average(x));
        assertSame(pool(op, x, number(0), mask(0)), maximum(x).add(average(x)).div(2));
    }

    /** Masks count what lies outside the map as 0, so that only whole windows have this average. */
    @Test
    void treeOfConstantLeaves() {
        INDArray ones = pool(new SumPool(window), x.mul(0).add(1));
        double size = Arrays.stream(window.kernel()).reduce(1, (a, b) -> a * b);
        INDArray tree = pool(new TreePool(window, 1), x, mask(1 / size, 2), mask(0, 1));
        assertSame(tree, average(x).mul(ones).div(size));
    }

    @Test
    void constantMaps() {
        INDArray constant = x.mul(0).sub(1.7);
        for (PoolingOp op : new PoolingOp[] {
            new SoftPool(window), new MaxPool(window), new MinPool(window), new AveragePool(window),
            new MedianPool(window), new LogMeanExpPool(window)}) {
            INDArray y = pool(op, constant);
            assertSame(y, y.mul(0).sub(1.7));
        }
        assertThat(pool(new RangePool(window), constant).maxNumber().doubleValue()).isZero();
    }

    @Test
    void averageWithDivisorOneIsTheSum() {
        assertSame(pool(new AveragePool(window, 1.0), x), pool(new SumPool(window), x));
    }

    @Test
    void sharpLogMeanExpIsTheMaximum() {
        assertNear(pool(new LogMeanExpPool(window, 1e5), x), maximum(x), 1e-4);
        assertNear(pool(new LogMeanExpPool(window, 1e-5), x), average(x), 1e-4);
    }

    @Test
    void minimumIsTheNegativeMaximumOfTheNegative() {
        assertSame(pool(new MinPool(window), x), maximum(x.neg()).neg());
        assertSame(pool(new RangePool(window), x), maximum(x).sub(pool(new MinPool(window), x)));
    }

    @Test
    void medianOfThreeIsWhatIsNeitherMaximumNorMinimum() {
        PoolingWindow three = PoolingWindow.builder(1, 3).stride(1, 1).channelsLast(window.channelsLast()).build();
        assertNear(pool(new MedianPool(three), x),
                pool(new SumPool(three), x).sub(pool(new MaxPool(three), x)).sub(pool(new MinPool(three), x)), TINY);
    }

    private PoolingWindow windowOf(int height, int width) {
        return PoolingWindow.builder(height, width).channelsLast(window.channelsLast()).build();
    }

    @Test
    void adaptivePoolingWithSizesThatDivideIsPlainPooling() {
        boolean last = window.channelsLast();
        assertSame(pool(new AdaptiveAvgPool(last, 4, 3), x), pool(new AveragePool(windowOf(2, 3)), x));
        assertSame(pool(new AdaptiveMaxPool(last, 4, 3), x), pool(new MaxPool(windowOf(2, 3)), x));
        assertSame(pool(new AdaptiveAvgPool(last, HEIGHT, WIDTH), x), x);
    }

    @Test
    void pyramidOfOneCellIsGlobalPooling() {
        PoolingWindow all = windowOf(HEIGHT, WIDTH);
        for (Bins bins : Bins.values()) {
            assertSame(pool(new SpatialPyramidPool(window.channelsLast(), bins, Type.MAX, new int[] {1}), x),
                    pool(new MaxPool(all), x).reshape(2, CHANNELS));
            assertSame(pool(new SpatialPyramidPool(window.channelsLast(), bins, Type.AVG, new int[] {1}), x),
                    pool(new AveragePool(all), x).reshape(2, CHANNELS));
        }
    }

    @Test
    void unpoolingPutsTheMaximaBack() {
        INDArray positive = Transforms.abs(x).add(0.1);
        INDArray[] outputs = new NDPooling().outputs(new MaxPool(window), positive);
        INDArray back = pool(new MaxUnpool(window.channelsLast(), HEIGHT, WIDTH), outputs);
        assertSame(maximum(back), outputs[0]);
        assertSame(back, positive.mul(back.gt(0).castTo(DataType.DOUBLE)));
    }
}
