// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import java.util.Objects;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Makes of each box {@code [R,5]} the boxes of its cells {@code [R*grid*grid,5]}, row by row, with borders rounded to
 * elements as {@link io.github.dl4jpooling.ops.RoiPool} rounds them. Boxes have no gradient.
 */
public final class RoundedCells implements InputPreProcessor {
    private static final long serialVersionUID = 1L;
    private static final int NUMBERS = 5;

    @JsonProperty
    private final int grid;
    @JsonProperty
    private final double scale;
    @JsonProperty
    private final int rows;
    @JsonProperty
    private final int columns;

    /**
     * @param grid cells of a region along each side
     * @param scale size of the map divided by that of the image
     * @param rows height of the map in elements
     * @param columns width of the map in elements
     */
    public RoundedCells(@JsonProperty("grid") int grid, @JsonProperty("scale") double scale,
            @JsonProperty("rows") int rows, @JsonProperty("columns") int columns) {
        this.grid = grid;
        this.scale = scale;
        this.rows = rows;
        this.columns = columns;
    }

    @Override
    public INDArray preProcess(INDArray boxes, int miniBatchSize, LayerWorkspaceMgr workspaceMgr) {
        double[][] from = boxes.toDoubleMatrix();
        float[] to = new float[from.length * grid * grid * NUMBERS];
        int position = 0;
        for (double[] box : from) {
            double[][] across = cells(box[1], box[3], columns);
            double[][] down = cells(box[2], box[4], rows);
            for (double[] row : down) {
                for (double[] column : across) {
                    for (double number : new double[] {box[0], column[0], row[0], column[1], row[1]}) {
                        to[position++] = (float) number;
                    }
                }
            }
        }
        INDArray cells = workspaceMgr.createUninitialized(
                ArrayType.ACTIVATIONS, boxes.dataType(), to.length / NUMBERS, NUMBERS);
        return cells.assign(Nd4j.create(to, cells.shape(), 'c'));
    }

    private double[][] cells(double from, double to, int size) {
        long start = round(from * scale);
        long length = Math.max(round(to * scale) - start + 1, 1);
        double[][] cells = new double[grid][];
        for (int i = 0; i < grid; i++) {
            long first = start + i * length / grid;
            long end = start + ((i + 1) * length + grid - 1) / grid;
            cells[i] = new double[] {clip(first, size) / scale, clip(end, size) / scale};
        }
        return cells;
    }

    /** Halves away from zero. */
    private static long round(double value) {
        return (long) (Math.signum(value) * Math.floor(Math.abs(value) + 0.5));
    }

    private static double clip(long element, int size) {
        return Math.max(0, Math.min(size, element));
    }

    @Override
    public INDArray backprop(INDArray output, int miniBatchSize, LayerWorkspaceMgr workspaceMgr) {
        return workspaceMgr.create(
                ArrayType.ACTIVATION_GRAD, output.dataType(), output.size(0) / grid / grid, NUMBERS);
    }

    @Override
    public InputType getOutputType(InputType inputType) {
        return inputType;
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(
            INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
        return new Pair<>(maskArray, currentMaskState);
    }

    @Override
    public RoundedCells clone() {
        return new RoundedCells(grid, scale, rows, columns);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof RoundedCells)) {
            return false;
        }
        RoundedCells that = (RoundedCells) other;
        return grid == that.grid && scale == that.scale && rows == that.rows && columns == that.columns;
    }

    @Override
    public int hashCode() {
        return Objects.hash(grid, scale, rows, columns);
    }
}
