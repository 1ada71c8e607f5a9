// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.maps;

import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.integrationtests.oracle.AdaptiveAvgPoolOracle;
import io.github.dl4jpooling.integrationtests.oracle.AdaptiveMaxPoolOracle;
import io.github.dl4jpooling.integrationtests.oracle.OperatorOracle;
import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.integrationtests.oracle.SpatialPyramidPoolOracle;
import io.github.dl4jpooling.ops.AdaptiveAvgPool;
import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.SpatialPyramidPool;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Bins;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Type;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;

/** Sizes for each way in which the kernels go through cells: the sizes alone decide which. */
class CellSizesTest {

    @TestFactory
    Stream<DynamicTest> planesOfManyChannels() {
        return Stream.of(false, true).flatMap(last -> Stream.of(
                adaptive(last, shape(2, 70, 7, 7), 1, 1),
                adaptive(last, shape(1, 70, 13, 11), 6, 5),
                adaptive(last, shape(1, 37, 3, 5, 17), 2, 5, 4),
                adaptive(last, shape(3, 64, 1), 1),
                pyramid(last, shape(2, 70, 13, 13)))).flatMap(tests -> tests);
    }

    /** Planes of one cell. */
    @TestFactory
    Stream<DynamicTest> wholePlanes() {
        return Stream.of(false, true).flatMap(last -> Stream.of(
                adaptive(last, shape(3, 5, 8, 8), 1, 1),
                adaptive(last, shape(2, 17, 3, 5), 1, 1),
                adaptive(last, shape(1, 33, 15), 1),
                adaptive(last, shape(1, 16, 3, 3, 7), 1, 1, 1),
                adaptive(last, shape(2, 19, 32, 32), 1, 1),
                adaptive(last, shape(2, 19, 25, 41), 1, 1))).flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> largePlanes() {
        return Stream.of(
                adaptive(false, shape(2, 3, 12, 74), 6, 37), // two columns a cell
                adaptive(false, shape(1, 5, 4, 6, 70), 2, 2, 35),
                adaptive(false, shape(1, 2, 20, 70), 9, 33), // cells that overlap
                adaptive(false, shape(1, 2, 40, 96), 5, 24),
                adaptive(false, shape(1, 2, 6, 20), 9, 41), // more cells than elements
                adaptive(false, shape(1, 2, 9, 150), 2, 3), // wide cells
                adaptive(false, shape(1, 5, 1000), 3),
                adaptive(false, shape(1, 2, 30, 31), 1, 1),
                pyramid(false, shape(1, 5, 26, 29))).flatMap(tests -> tests);
    }

    private static int[] shape(int... sizes) {
        return sizes;
    }

    private static Stream<DynamicTest> adaptive(boolean channelsLast, int[] shape, int... outputSize) {
        return Stream.concat(
                tests(new AdaptiveAvgPoolOracle(), new AdaptiveAvgPool(channelsLast, outputSize), shape),
                tests(new AdaptiveMaxPoolOracle(), new AdaptiveMaxPool(channelsLast, outputSize), shape));
    }

    private static Stream<DynamicTest> pyramid(boolean channelsLast, int... shape) {
        return Stream.of(Type.values()).flatMap(type -> Stream.of(Bins.values()).flatMap(bins -> tests(
                new SpatialPyramidPoolOracle(),
                new SpatialPyramidPool(channelsLast, bins, type, new int[] {1}, new int[] {2}, new int[] {4}),
                shape)));
    }

    private static Stream<DynamicTest> tests(OperatorOracle oracle, PoolingOp op, int... shape) {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE, DataType.BFLOAT16).flatMap(type -> Stream.of(
                numbers(false, shape), numbers(true, shape), large(shape))
                .map(x -> new OperatorRun(oracle, new OracleCase(op, x), type)))
                .map(run -> DynamicTest.dynamicTest(run.toString(), run::check));
    }

    /** Ordinary numbers; or whole ones, many of them equal, with a few that are not finite. */
    private static PlainArray numbers(boolean special, int... shape) {
        Random random = new Random(3);
        PlainArray x = PlainArray.gaussian(random, 2, shape);
        double[] values = x.values();
        for (int i = 0; special && i < values.length; i++) {
            values[i] = Math.rint(values[i]);
            if (random.nextInt(50) == 0) {
                values[i] = random.nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY;
            }
        }
        return x;
    }

    /** Floats whose sums overflow, in some of the planes, though their means do not. */
    private static PlainArray large(int... shape) {
        PlainArray x = numbers(false, shape);
        double[] values = x.values();
        for (int i = 0; i < values.length / 3; i++) {
            values[i] = Float.MAX_VALUE * (0.9 + 0.05 * (i % 2));
        }
        return x;
    }
}
