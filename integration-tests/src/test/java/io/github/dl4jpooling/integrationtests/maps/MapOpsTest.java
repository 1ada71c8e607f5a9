// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.maps;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.ops.AdaUnpool;
import io.github.dl4jpooling.ops.AdaptiveAvgPool;
import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import io.github.dl4jpooling.ops.CornerPool;
import io.github.dl4jpooling.ops.CornerPool.Edge;
import io.github.dl4jpooling.ops.DiagonalPool;
import io.github.dl4jpooling.ops.DiagonalPool.Diagonals;
import io.github.dl4jpooling.ops.FractionalMaxPool;
import io.github.dl4jpooling.ops.LineOp;
import io.github.dl4jpooling.ops.MaxUnpool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.Orientation;
import io.github.dl4jpooling.ops.OrientedPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.S3Pool;
import io.github.dl4jpooling.ops.SpatialPyramidPool;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Bins;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Type;
import io.github.dl4jpooling.ops.StripPool;
import io.github.dl4jpooling.ops.StripPool.Strips;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Threads, empty arrays and extreme values of the operators on maps. */
class MapOpsTest {

    private final NDPooling pooling = new NDPooling();
    private final NativeOps nd4j;
    private final int threads;

    MapOpsTest() {
        Nd4j.getBackend(); // NativeOpsHolder works only after ND4J has started
        nd4j = NativeOpsHolder.getInstance().getDeviceNativeOps();
        threads = nd4j.ompGetMaxThreads();
    }

    @AfterEach
    void restoreThreads() {
        nd4j.setOmpNumThreads(threads);
    }

    private static Stream<PoolingOp> ops(boolean last) {
        return Stream.of(
                new AdaptiveAvgPool(last, 9, 70), new AdaptiveMaxPool(last, 9, 70),
                new SpatialPyramidPool(last, Bins.CAFFE, Type.AVG, new int[] {4}, new int[] {3, 7}, new int[] {1}),
                new SpatialPyramidPool(last, Bins.ADAPTIVE, Type.MAX, new int[] {4}, new int[] {3, 7}),
                FractionalMaxPool.builder(3, 2).outputSize(30, 31).seed(4).channelsLast(last).build(),
                S3Pool.builder(2).gridSize(4).seed(5).channelsLast(last).build(),
                S3Pool.builder(3).phase(TrainingPhase.INFERENCE).channelsLast(last).build(),
                new OrientedPool(last, LineOp.Type.AVG, Orientation.ANTIDIAGONAL, 7, 2, 3),
                new OrientedPool(last, LineOp.Type.MAX, Orientation.HORIZONTAL, 70, 1),
                new StripPool(last, LineOp.Type.AVG, Strips.BOTH),
                new StripPool(last, LineOp.Type.MAX, Strips.HORIZONTAL),
                new DiagonalPool(last, LineOp.Type.MAX, Diagonals.BOTH),
                new DiagonalPool(last, LineOp.Type.AVG, Diagonals.MAIN),
                new CornerPool(last, Edge.TOP), new CornerPool(last, Edge.RIGHT),
                new MaxUnpool(last, 50, 60), new AdaUnpool(last));
    }

    private static INDArray[] inputs(PoolingOp op, DataType type, long... shape) {
        INDArray x = Nd4j.randn(type, shape);
        if (op instanceof MaxUnpool) {
            INDArray index = Nd4j.create(DataType.INT64, shape);
            for (long i = 0; i < index.length(); i++) {
                index.putScalar(i, i * 7919 % 3000);
            }
            return new INDArray[] {x, index};
        }
        if (op instanceof AdaUnpool) {
            long[] n = op.channelsLast() ? new long[] {shape[1], shape[2]} : new long[] {shape[2], shape[3]};
            INDArray mask = Nd4j.rand(type, shape[0], 2 * n[0], 3 * n[1] - 1);
            return new INDArray[] {x, Nd4j.rand(type, n), mask, mask.rsub(1)};
        }
        return new INDArray[] {x};
    }

    private INDArray[] run(PoolingOp op, INDArray... inputs) {
        INDArray[] outputs = pooling.outputs(op, inputs);
        INDArray yGradient = outputs[0].mul(outputs[0]);
        INDArray[] gradients = pooling.gradients(op, yGradient, outputs, inputs);
        return Stream.of(outputs, gradients).flatMap(Arrays::stream).toArray(INDArray[]::new);
    }

    @TestFactory
    Stream<DynamicTest> sameBitsForEveryNumberOfThreads() {
        return Stream.of(false, true)
                .flatMap(last -> ops(last).map(op -> DynamicTest.dynamicTest(op + " " + last, () -> {
                    long[] shape = last ? new long[] {3, 41, 37, 21} : new long[] {3, 21, 41, 37};
                    INDArray[] inputs = inputs(op, DataType.FLOAT, shape);
                    nd4j.setOmpNumThreads(1);
                    INDArray[] expected = run(op, inputs);
                    for (int count : new int[] {1, 2, 3, 8}) {
                        nd4j.setOmpNumThreads(count);
                        INDArray[] actual = run(op, inputs);
                        for (int i = 0; i < expected.length; i++) {
                            Comparison.assertSameBits(count + " threads, array " + i, actual[i], expected[i]);
                        }
                    }
                })));
    }

    @TestFactory
    Stream<DynamicTest> empty() {
        return ops(false).flatMap(op -> Stream.of(new long[] {0, 3, 41, 37}, new long[] {2, 0, 41, 37})
                .map(shape -> DynamicTest.dynamicTest(op + " " + Arrays.toString(shape), () -> {
                    INDArray[] inputs = shape[0] == 0 && op instanceof AdaUnpool
                            ? new INDArray[] {Nd4j.create(DataType.FLOAT, shape), Nd4j.rand(DataType.FLOAT, 41, 37),
                                Nd4j.create(DataType.FLOAT, 0, 50, 40), Nd4j.create(DataType.FLOAT, 0, 50, 40)}
                            : op instanceof AdaUnpool
                                    ? new INDArray[] {Nd4j.create(DataType.FLOAT, shape),
                                        Nd4j.rand(DataType.FLOAT, 41, 37), Nd4j.rand(DataType.FLOAT, 2, 50, 40),
                                        Nd4j.rand(DataType.FLOAT, 2, 50, 40)}
                            : op instanceof MaxUnpool
                                    ? new INDArray[] {Nd4j.create(DataType.FLOAT, shape),
                                        Nd4j.create(DataType.INT64, shape)}
                            : new INDArray[] {Nd4j.create(DataType.FLOAT, shape)};
                    INDArray[] outputs = pooling.outputs(op, inputs);
                    INDArray gradient = pooling.gradients(op, outputs[0], outputs, inputs)[0];
                    assertThat(outputs[0].isEmpty()).isTrue();
                    assertThat(gradient.shape()).isEqualTo(shape);
                })));
    }

    /** Means, and weighted ones, of the largest numbers are finite, and so are their gradients. */
    @TestFactory
    Stream<DynamicTest> largestNumbers() {
        return Stream.of(DataType.DOUBLE, DataType.FLOAT, DataType.BFLOAT16, DataType.FLOAT16)
                .flatMap(type -> Stream.of(false, true).flatMap(last -> ops(last)
                        .map(op -> DynamicTest.dynamicTest(type + " " + op, () -> checkLargest(op, type, last)))));
    }

    private void checkLargest(PoolingOp op, DataType type, boolean last) {
        double largest = type == DataType.DOUBLE ? Double.MAX_VALUE
                : type == DataType.FLOAT ? Float.MAX_VALUE : type == DataType.BFLOAT16 ? 0x1.FEp127 : 65504;
        long[] shape = last ? new long[] {2, 41, 37, 19} : new long[] {2, 19, 41, 37};
        for (double sign : new double[] {1, -1}) {
            INDArray[] inputs = inputs(op, type, shape);
            inputs[0] = Nd4j.create(type, shape).assign(sign * largest);
            INDArray y = pooling.pool(op, inputs);
            double[] values = y.castTo(DataType.DOUBLE).dup('c').data().asDouble();
            assertThat(Arrays.stream(values)).allMatch(value -> Math.abs(value) <= largest);
            boolean isMean = op instanceof LineOp && ((LineOp) op).type() == LineOp.Type.AVG;
            if (op instanceof AdaptiveAvgPool || isMean) {
                assertThat(Arrays.stream(values))
                        .allMatch(value -> Math.abs(value - sign * largest) <= 1e-6 * largest);
            }
        }
    }

    /** An index in any memory layout. */
    @Test
    void layoutOfIndex() {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 5, 4);
        INDArray index = Nd4j.create(DataType.INT64, 2, 3, 5, 4);
        for (long i = 0; i < index.length(); i++) {
            index.putScalar(i, i * 31 % 99);
        }
        INDArray twisted = Nd4j.create(DataType.INT64, 4, 5, 3, 2).permute(3, 2, 1, 0).assign(index);
        MaxUnpool op = new MaxUnpool(11, 9);
        Comparison.assertSameBits("output", pooling.pool(op, x, twisted), pooling.pool(op, x, index));
        INDArray g = Nd4j.randn(DataType.DOUBLE, 2, 3, 11, 9);
        Comparison.assertSameBits("gradient", pooling.gradients(op, g, x, twisted)[0],
                pooling.gradients(op, g, x, index)[0]);

        AdaptiveMaxPool pool = new AdaptiveMaxPool(3, 3);
        INDArray[] outputs = pooling.outputs(pool, x);
        INDArray[] permuted = {null, Nd4j.create(DataType.INT64, 3, 3, 3, 2).permute(3, 2, 1, 0).assign(outputs[1])};
        INDArray yGradient = Nd4j.randn(DataType.DOUBLE, 2, 3, 3, 3);
        Comparison.assertSameBits("gradient", pooling.gradients(pool, yGradient, permuted, x)[0],
                pooling.gradients(pool, yGradient, outputs, x)[0]);
    }

    /** Unpooling what was pooled gives the maxima back where they were. */
    @Test
    void unpoolingUndoesPooling() {
        INDArray x = Nd4j.randn(DataType.FLOAT, 2, 3, 8, 6);
        INDArray[] pooled = pooling.outputs(new AdaptiveMaxPool(4, 3), x);
        INDArray map = pooling.pool(new MaxUnpool(8, 6), pooled);
        INDArray kept = map.neq(0).castTo(DataType.FLOAT);
        assertThat(kept.sumNumber().intValue()).isEqualTo(2 * 3 * 4 * 3);
        assertThat(map).isEqualTo(x.mul(kept));
    }
}
