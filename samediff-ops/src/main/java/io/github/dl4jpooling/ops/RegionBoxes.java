// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Boxes of a region operator, read and checked: the only place where they are. */
final class RegionBoxes {

    private static final int RECORD = 8; // words of RegionBox in region_parameters.h: image, region, six numbers
    private static final int NUMBERS = 6;

    private final int count;
    private final int numbers;
    private final double[] values;

    private RegionBoxes(int count, int numbers, double[] values) {
        this.count = count;
        this.numbers = numbers;
        this.values = values;
    }

    /**
     * Reads and checks boxes.
     *
     * @param op the operator, for messages
     * @param boxes one row a box: number of the image, then the numbers
     * @param numbers how many numbers a box has besides that of the image
     * @param images how many images there are
     */
    @SuppressWarnings("try") // closing is all that the resource is for
    static RegionBoxes of(ExecutableOp op, INDArray boxes, int numbers, long images) {
        if (boxes.rank() != 2 || boxes.size(1) != numbers + 1) {
            throw op.error("shape of the boxes must be [number of boxes, " + (numbers + 1) + "], got "
                    + Arrays.toString(boxes.shape()));
        }
        int count = Math.toIntExact(boxes.size(0));
        double[] values;
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            values = count == 0 ? new double[0] : boxes.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        }
        RegionBoxes result = new RegionBoxes(count, numbers, values);
        for (int box = 0; box < count; box++) {
            result.check(op, box, images);
        }
        return result;
    }

    private void check(ExecutableOp op, int box, long images) {
        double image = values[box * (numbers + 1)];
        if (!(image >= 0 && image < images && image == Math.rint(image))) {
            throw op.error("number of the image (column 0 of the boxes) must be a whole number from 0 to "
                    + (images - 1) + ", got " + image + " in box " + box);
        }
        for (int i = 0; i < numbers; i++) {
            if (!Double.isFinite(number(box, i))) {
                throw op.error("coordinates of the boxes must be finite, got " + number(box, i) + " in box " + box
                        + ", column " + (i + 1));
            }
        }
    }

    int count() {
        return count;
    }

    /** Number i of a box, the image not counted. */
    double number(int box, int i) {
        return values[box * (numbers + 1) + 1 + i];
    }

    /** Numbers of a box as the kernels take them. */
    interface Conversion {
        /** @return up to six numbers */
        double[] convert(double[] numbers);
    }

    /** Records for the kernels; to be closed. Each keeps its number, by which it finds its place in the output. */
    @SuppressWarnings("try") // closing is all that the resource is for
    INDArray records(int[] boxes, Conversion conversion) {
        double[] records = new double[boxes.length * RECORD];
        for (int i = 0; i < boxes.length; i++) {
            int from = boxes[i] * (numbers + 1);
            records[i * RECORD] = values[from];
            records[i * RECORD + 1] = boxes[i];
            double[] converted = conversion.convert(Arrays.copyOfRange(values, from + 1, from + 1 + numbers));
            System.arraycopy(converted, 0, records, i * RECORD + 2, Math.min(NUMBERS, converted.length));
        }
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return boxes.length == 0 ? Nd4j.empty(DataType.DOUBLE) : Nd4j.createFromArray(records);
        }
    }
}
