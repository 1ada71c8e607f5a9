// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RoiAlign;
import io.github.dl4jpooling.ops.RoiPool;
import io.github.dl4jpooling.zoo.PooledZoo;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RoundedCellsTest {
    private static final int GRID = 3;
    private static final int SIZE = 8;
    private static final double SCALE = 0.25;
    private static final INDArray BOXES = Nd4j.createFromArray(new float[][] {
        {0, 2, 2, 30, 30}, {1, 3, 7, 9, 28}, {1, 13.9f, 6.1f, 14.2f, 6.3f}, {0, -9, 20, 50, 44}, {1, 0, 0, 32, 32}});

    /** Elements of a cell by the definition in {@link RoiPool}. */
    private static double mean(double[][] map, double[] box, int row, int column) {
        long left = Math.round(box[1] * SCALE);
        long top = Math.round(box[2] * SCALE);
        double width = Math.max(Math.round(box[3] * SCALE) - left + 1, 1);
        double height = Math.max(Math.round(box[4] * SCALE) - top + 1, 1);
        double sum = 0;
        int count = 0;
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                if (y >= Math.floor(row * height / GRID) + top && y < Math.ceil((row + 1) * height / GRID) + top
                        && x >= Math.floor(column * width / GRID) + left
                        && x < Math.ceil((column + 1) * width / GRID) + left) {
                    sum += map[y][x];
                    count++;
                }
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    @Test
    void meansOfTheElementsOfRoiPoolsCells() {
        INDArray maps = Nd4j.rand(DataType.FLOAT, 2, 1, SIZE, SIZE);
        INDArray cells = new RoundedCells(GRID, SCALE, SIZE, SIZE)
                .preProcess(BOXES, 2, LayerWorkspaceMgr.noWorkspaces());
        RoiAlign mean = new RoiAlign(RegionGrid.builder(1, 1).spatialScale(SCALE).build());
        INDArray actual = new NDPooling().pool(mean, maps, cells);
        for (int i = 0; i < actual.length(); i++) {
            double[] box = BOXES.getRow(i / GRID / GRID).toDoubleVector();
            double[][] map = maps.slice((long) box[0]).slice(0).toDoubleMatrix();
            assertThat(actual.getDouble(i))
                    .as("cell " + i).isCloseTo(mean(map, box, i / GRID % GRID, i % GRID), within(1e-6));
        }
    }

    @Test
    void survivesJson() {
        ComputationGraph network = PooledZoo.regionNet().regions(RegionNet.Regions.AVERAGE).refinesBoxes()
                .inputShape(1, 16, 16).width(0.25).build().init();
        assertThat(ComputationGraphConfiguration.fromJson(network.getConfiguration().toJson()))
                .isEqualTo(network.getConfiguration());
    }
}
