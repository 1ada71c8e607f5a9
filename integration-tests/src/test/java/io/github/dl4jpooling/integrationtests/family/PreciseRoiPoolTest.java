// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PreciseRoiPool;
import io.github.dl4jpooling.ops.RegionGrid;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Precise RoI pooling of a plane, whose mean over a region is its value at the centre. */
class PreciseRoiPoolTest {

    private static final double BY_X = 2;
    private static final double BY_Y = -3;

    /** However small the region: the general formula would divide rounding errors by its area. */
    @ParameterizedTest
    @ValueSource(doubles = {2, 0.5, 1e-3, 1e-6, 1e-9, 1e-12, 1e-15})
    void plane(double size) {
        INDArray x = Nd4j.create(DataType.DOUBLE, 1, 1, 6, 7);
        for (int h = 0; h < 6; h++) {
            for (int w = 0; w < 7; w++) {
                x.putScalar(0, 0, h, w, BY_Y * h + BY_X * w + 1);
            }
        }
        INDArray boxes = Nd4j.create(new double[][] {{0, 2.3, 1.6, 2.3 + size, 1.6 + size / 2}});
        PreciseRoiPool op = new PreciseRoiPool(RegionGrid.builder(1, 1).build());
        NDPooling pooling = new NDPooling();
        double centre = BY_Y * (1.6 + size / 4) + BY_X * (2.3 + size / 2) + 1;
        assertThat(pooling.pool(op, x, boxes).getDouble(0)).isCloseTo(centre, within(1e-12));

        INDArray[] gradients = pooling.gradients(op, Nd4j.ones(DataType.DOUBLE, 1, 1, 1, 1), x, boxes);
        double[] expected = {0, BY_X / 2, BY_Y / 2, BY_X / 2, BY_Y / 2};
        for (int i = 0; i < expected.length; i++) {
            assertThat(gradients[1].getDouble(0, i)).as("column " + i).isCloseTo(expected[i], within(1e-11));
        }
        assertThat(gradients[0].sumNumber().doubleValue()).isCloseTo(1, within(1e-12));
    }
}
