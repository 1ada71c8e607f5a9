// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.AdaptiveAvgPool;
import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import io.github.dl4jpooling.ops.LipBlockPool;
import io.github.dl4jpooling.ops.MaxUnpool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.PreciseRoiPool;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RoiAlign;
import io.github.dl4jpooling.ops.RotatedRoiAlign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What {@link GpuAlignmentTest} says of windows, of the other families: cells, regions, unpooling, normalisation. */
@OnGpu
class GpuGroupsTest {

    private static final int[] MAPS = {2, 8, 12, 16};

    @AfterEach
    void alignedAsBefore() {
        if (Stub.isThere()) {
            Stub.forget();
        }
    }

    @TestFactory
    Stream<DynamicTest> cells() {
        return Stream.of(false, true).flatMap(last -> Stream.of(
                test(new AdaptiveAvgPool(last, 1, 1), "cell_average_forward_1", maps()),
                test(new AdaptiveAvgPool(last, 2, 1), "cell_average_forward_1", maps()),
                test(new AdaptiveMaxPool(last, 1, 1), "cell_maximum_forward_1", maps()),
                test(new AdaptiveMaxPool(last, 1, 2), "cell_maximum_forward_1", maps())));
    }

    @TestFactory
    Stream<DynamicTest> regions() {
        RegionGrid grid = RegionGrid.builder(3, 2).channelsLast(true).build();
        PlainArray boxes = new PlainArray(new int[] {3, 5}, new double[] {
            0, 1.3, 2.1, 9.7, 8.8,
            1, -2, 0, 7, 30,
            0, 4, 4, 5, 6.5});
        PlainArray rotated = new PlainArray(new int[] {2, 6}, new double[] {
            0, 7, 6, 9, 5, 33,
            1, 3, 4, 20, 6, -71});
        return Stream.of(
                test(new RoiAlign(grid), "roi_align_forward_3", maps(), boxes),
                test(new RoiAlign(grid, RoiAlign.Mode.MAXIMUM, 2, true), "roi_align_max_forward_3", maps(), boxes),
                test(new PreciseRoiPool(grid), "precise_roi_pool_forward_3", maps(), boxes),
                test(new RotatedRoiAlign(grid), "rotated_roi_align_forward_3", maps(), rotated));
    }

    @TestFactory
    Stream<DynamicTest> unpooling() {
        PlainArray x = PlainArray.gaussian(new Random(3), 1, 2, 4, 3, 5);
        PlainArray index = PlainArray.zeros(x.shape());
        Random random = new Random(4);
        Arrays.setAll(index.values(), i -> random.nextInt(6 * 8));
        return Stream.of(false, true)
                .map(last -> test(new MaxUnpool(last, 6, 8), "max_unpool_forward_2", x, index));
    }

    /** Whose passes do not differ by their names. */
    @TestFactory
    Stream<DynamicTest> normalisation() {
        return Stream.of(false, true).map(last -> {
            LipBlockPool op = new LipBlockPool(PoolingWindow.builder(2, 2).channelsLast(last).build());
            long[] shape = last ? new long[] {2, 12, 16, 8} : new long[] {2, 8, 12, 16};
            List<PlainArray> inputs = new ArrayList<>(List.of(maps()));
            op.parameterShapes(shape).values().forEach(sizes -> inputs.add(PlainArray.gaussian(
                    new Random(6), 0.3, Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray())));
            return test(op, null, inputs.toArray(new PlainArray[0]));
        });
    }

    private static PlainArray maps() {
        return PlainArray.gaussian(new Random(2), 1, MAPS);
    }

    private static DynamicTest test(PoolingOp op, String forward, PlainArray... inputs) {
        return DynamicTest.dynamicTest(op.toString(), () -> {
            assumeTrue(Stub.isThere(), "only the stub driver gives memory that is not aligned");
            op.operator().dataTypes().forEach(type -> Alignment.assertSameBits(
                    new OperatorRun(Conventions.oracle(op.operator()), new OracleCase(op, inputs), type),
                    type,
                    op instanceof LipBlockPool ? Float.BYTES : 0, // halves are normalised in float
                    forward,
                    null));
        });
    }
}
