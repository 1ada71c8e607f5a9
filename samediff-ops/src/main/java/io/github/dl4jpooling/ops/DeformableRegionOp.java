// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A sampled region operator whose cells are shifted by learned offsets and may be multiplied by a mask. Options 1 and 2
 * say whether there are offsets and a mask, real option 1 how far cells move.
 *
 * <p>Offsets have two channels for each class: that of x first, then that of y. An offset of 1 moves a cell by {@code
 * reach} times the region's width or height. A NaN among the offsets of a cell gives NaN.
 */
public abstract class DeformableRegionOp extends SampledRegionOp {

    /** Name of the input with the offsets. */
    protected static final String OFFSET = "offset";

    /** Name of the input with the mask. */
    protected static final String MASK = "mask";

    private static final int OWN_OPTIONS = 3;

    /** For SameDiff, which fills in the arguments. */
    DeformableRegionOp() {}

    DeformableRegionOp(RegionGrid grid, long[] options, double reach) {
        super(grid, options, reach);
    }

    /** @return whether there is an input with offsets */
    public final boolean hasOffset() {
        return flag(1, "offset");
    }

    /** @return whether there is an input with a mask */
    public final boolean hasMask() {
        return flag(2, "mask");
    }

    /** Offsets along the height and width of a region. */
    abstract int[] offsetGrid();

    /** Place of an option of the operator itself. */
    static int own(int index) {
        return OWN_OPTIONS + index;
    }

    final double reach(String name) {
        return realOption(1, name, -1e6, 1e6);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        hasOffset();
        hasMask();
    }

    @Override
    protected final List<String> furtherInputs() {
        List<String> names = new ArrayList<>();
        if (hasOffset()) {
            names.add(OFFSET);
        }
        if (hasMask()) {
            names.add(MASK);
        }
        return names;
    }

    @Override
    protected void checkFurtherInputs(List<INDArray> inputs, long[] map, long boxes) {
        int next = 1;
        if (hasOffset()) {
            checkOffset(inputs.get(next++), outputChannels(map[1]), boxes);
        }
        if (hasMask()) {
            checkShape(MASK, inputs.get(next), grid().shape(boxes, 1, grid().rows(), grid().columns()));
        }
    }

    private void checkOffset(INDArray offset, long channels, long boxes) {
        long offsets = 2;
        if (mayHaveClasses() && offset.rank() == 4) {
            offsets = grid().channelsFirst(offset.shape())[1];
            if (offsets < 2 || offsets % 2 != 0 || channels % (offsets / 2) != 0) {
                throw error("channels of the offset must be 2 for each class, with as many classes as divide "
                        + channels + " output channels, got " + offsets);
            }
        }
        checkShape(OFFSET, offset, grid().shape(boxes, offsets, offsetGrid()[0], offsetGrid()[1]));
    }

    /** Whether output channels may have different offsets. */
    abstract boolean mayHaveClasses();

    @Override
    final long classes(List<INDArray> inputs) {
        return hasOffset() ? Math.max(1, grid().channelsFirst(inputs.get(1).shape())[1] / 2) : 1;
    }

    @Override
    protected final long[] kernelOptions() {
        return options(samplingRatio(), bits(tArgs()[1]), offsetGrid()[0], offsetGrid()[1]);
    }
}
