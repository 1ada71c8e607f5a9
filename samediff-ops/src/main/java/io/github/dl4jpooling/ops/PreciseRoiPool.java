// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Precise RoI pooling: the mean over each cell of the map as a continuous function, {@code y = (1/a) integral f}, a the
 * area of the cell, f(y,x) = sum_hw x[h,w] max(0, 1 - |y - h|) max(0, 1 - |x - w|).
 *
 * <p>No samples, no rounding, and differentiable by the boxes too: for networks that refine boxes by gradient
 * (IoU-Net). Costs more than {@link RoiAlign} for large regions: every element of the region is read.
 *
 * <p>A region from (x1,y1) to (x2,y2) covers {@code x1 s} to {@code x2 s} of the map, s being the spatial scale:
 * element 0 stands at coordinate 0. Within one element outside, f falls to 0.
 *
 * <p>Inputs: see {@link RegionOp}. Output: {@code [K,C,rows,columns]}. A region without area gives 0 and has no
 * gradient. The gradient of the boxes is that of their coordinates; for the number of the image it is 0.
 *
 * <p>Paper: Jiang, Luo, Mao, Xiao, Jiang, Acquisition of localization confidence for accurate object detection, ECCV
 * 2018.
 */
public final class PreciseRoiPool extends RegionOp {

    /** For SameDiff, which fills in the arguments. */
    public PreciseRoiPool() {}

    /** @param grid the grid */
    public PreciseRoiPool(RegionGrid grid) {
        super(grid, options());
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.PRECISE_ROI_POOL;
    }

    @Override
    public int differentiableInputs() {
        return 2;
    }

    @Override
    @SuppressWarnings("try") // closing is all that the resource is for
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        super.backward(inputs, saved, outputGradient, inputGradients);
        INDArray boxGradient = inputGradients.get(1);
        boxGradient.assign(0);
        long boxes = boxGradient.size(0);
        if (boxes == 0 || outputGradient.isEmpty()) {
            return;
        }
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
                INDArray coordinates = Nd4j.createUninitialized(DataType.DOUBLE, boxes, 4)) {
            new Launch(inputs, grid().spatialScale(), box -> true)
                    .run("coordinates", inputs.get(0), outputGradient, null, coordinates);
            boxGradient.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 5)).assign(coordinates);
        }
    }
}
