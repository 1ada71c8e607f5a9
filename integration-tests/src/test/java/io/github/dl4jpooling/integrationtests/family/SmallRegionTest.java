// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RoiAlign;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A region of less than one element counts as one element, with one sample: not two because of a rounding error. */
class SmallRegionTest {

    private static final int BOXES = 1000;

    @Test
    void takesOneSample() {
        Random random = new Random(1);
        double[][] boxes = new double[BOXES][];
        for (int i = 0; i < BOXES; i++) {
            double x = 30 * random.nextDouble();
            double y = 30 * random.nextDouble();
            boxes[i] = new double[] {0, x, y, x + random.nextDouble(), y + random.nextDouble()};
        }
        INDArray map = Nd4j.rand(DataType.DOUBLE, 1, 2, 12, 12);
        INDArray regions = Nd4j.create(boxes);
        RegionGrid grid = RegionGrid.builder(1, 1).spatialScale(0.3).build();
        for (RoiAlign.Mode mode : RoiAlign.Mode.values()) {
            INDArray adaptive = new NDPooling().pool(new RoiAlign(grid, mode, 0, false), map, regions);
            INDArray one = new NDPooling().pool(new RoiAlign(grid, mode, 1, false), map, regions);
            assertThat(adaptive).isEqualTo(one);
        }
    }
}
