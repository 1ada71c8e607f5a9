// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Multi-level RoIAlign: each region is pooled by {@link RoiAlign} from the map of a pyramid that suits its size.
 *
 * <p>For feature pyramid networks. The maps, finest first, halve from level to level: with s the grid's spatial scale, a
 * power of 2, map l has scale {@code s / 2^l}. A box from (x1,y1) to (x2,y2) goes to
 * {@code l = floor(4 + log2(sqrt((x2 - x1) (y2 - y1)) / 224) + 1e-6) + log2(s)}, limited to 0 ... levels - 1: a box of 224
 * pixels to the map of scale 1/16. One whose area is not positive goes to the finest map. Level 4 and size 224 can be
 * set. The rule is that of torchvision's MultiScaleRoIAlign, which is not aligned.
 *
 * <p>Inputs: maps {@code input}, {@code input2}, ... with the same N and C; boxes; see {@link RegionOp}. Output: {@code
 * [K,C,rows,columns]}, in the order of the boxes. Maps are not copied. Boxes have no gradient. Defaults: mean,
 * samplingRatio 0, aligned.
 *
 * <p>Paper: Lin et al., Feature pyramid networks for object detection, CVPR 2017.
 */
public final class MultiLevelRoiAlign extends SampledRegionOp {

    private static final int MOST_LEVELS = 16;

    /** For SameDiff, which fills in the arguments. */
    public MultiLevelRoiAlign() {}

    /**
     * Sampling ratio 0, aligned, size 224 at level 4.
     *
     * @param grid the grid; its scale is that of the finest map and a power of 2
     * @param levels number of maps, 1 to 16
     */
    public MultiLevelRoiAlign(RegionGrid grid, int levels) {
        this(grid, levels, 0, true, 4, 224);
    }

    /**
     * @param grid the grid; its scale is that of the finest map and a power of 2
     * @param levels number of maps, 1 to 16
     * @param samplingRatio samples of a cell along each axis, up to 128; 0: about one an element
     * @param aligned whether coordinates name positions between elements rather than elements
     * @param canonicalLevel level of boxes of the canonical size: they go to the map of scale 2^-canonicalLevel
     * @param canonicalSize square root of their area, greater than 0
     */
    public MultiLevelRoiAlign(
            RegionGrid grid,
            int levels,
            int samplingRatio,
            boolean aligned,
            int canonicalLevel,
            double canonicalSize) {
        super(grid, options(samplingRatio, aligned, levels, canonicalLevel), canonicalSize);
    }

    /** @return whether coordinates name positions between elements */
    public boolean aligned() {
        return flag(1, "aligned");
    }

    /** @return number of maps */
    public int levels() {
        return (int) option(2, "levels", 1, MOST_LEVELS);
    }

    /** @return level of boxes of the canonical size */
    public int canonicalLevel() {
        return (int) option(3, "canonicalLevel", 0, 30);
    }

    /** @return square root of the area of boxes of the canonical level */
    public double canonicalSize() {
        return realOption(1, "canonicalSize", Double.MIN_NORMAL, 1e9);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        aligned();
        levels();
        canonicalLevel();
        canonicalSize();
        double scale = grid().spatialScale();
        if (scale != Math.scalb(1.0, Math.getExponent(scale))) {
            throw error("spatialScale must be a power of 2, got " + scale);
        }
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.MULTI_LEVEL_ROI_ALIGN;
    }

    @Override
    protected List<String> mapNames() {
        return IntStream.rangeClosed(1, levels())
                .mapToObj(level -> level == 1 ? "input" : "input" + level)
                .collect(Collectors.toList());
    }

    @Override
    protected String kernel() {
        return PoolingOperator.ROI_ALIGN.stem();
    }

    @Override
    protected long[] kernelOptions() {
        return options(samplingRatio(), aligned());
    }

    /**
     * The level that a box goes to.
     *
     * @param width width of the box
     * @param height its height
     * @return level, 0 for the finest map
     */
    public int level(double width, double height) {
        double area = width * height;
        if (!(area > 0)) {
            return 0;
        }
        double size = Math.log(Math.sqrt(area) / canonicalSize()) / Math.log(2);
        double level = Math.floor(canonicalLevel() + size + 1e-6) + Math.getExponent(grid().spatialScale());
        return (int) Math.max(0, Math.min(level, levels() - 1));
    }

    private Launch launch(List<INDArray> inputs, RegionBoxes boxes, int level) {
        return new Launch(inputs, grid().spatialScale() / (1 << level), box -> level(
                boxes.number(box, 2) - boxes.number(box, 0), boxes.number(box, 3) - boxes.number(box, 1)) == level);
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        RegionBoxes boxes = boxes(inputs);
        for (int level = 0; level < levels(); level++) {
            Launch launch = launch(inputs, boxes, level);
            if (launch.hasBoxes()) { // without any the kernel would clear the output
                launch.run("forward", inputs.get(level), outputs.get(0), null);
            }
        }
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        RegionBoxes boxes = boxes(inputs);
        for (int level = 0; level < levels(); level++) {
            launch(inputs, boxes, level)
                    .run("backward", inputs.get(level), outputGradient, null, inputGradients.get(level));
        }
    }
}
