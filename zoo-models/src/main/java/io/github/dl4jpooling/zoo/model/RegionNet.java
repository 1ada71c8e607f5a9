// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.layers.conf.vertex.DeformableRoiPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.RoiAlignVertex;
import io.github.dl4jpooling.layers.conf.vertex.RoiPoolVertex;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.nd4j.linalg.activations.Activation;

/**
 * A classifier of regions in the manner of Fast R-CNN: a backbone over the whole image, pooling of each region of
 * interest ("regions"), two dense layers, classes. All of it is trained at once.
 *
 * <p>Inputs, in this order: "input", images {@code [N,C,H,W]}; "boxes" {@code [R,5]}: number of the image, x1, y1, x2,
 * y2 in pixels, any number R of them. Output and labels: {@code [R,classes]}, in the order of the boxes.
 *
 * <pre>{@code
 * ComputationGraph network = PooledZoo.regionNet().numClasses(3).build().init();
 * network.fit(new MultiDataSet(new INDArray[] {images, boxes}, new INDArray[] {labels}));
 * }</pre>
 *
 * <p>The backbone has three stages of two 3x3 convolutions with 32, 64 and 128 channels; the map that regions are cut
 * from has a quarter of the image's size. {@code pooling} replaces its maximum pooling ("pool1", "pool2"); {@code
 * regions} chooses how regions are pooled. Deformable regions learn their offsets from RoIAlign of the region by two
 * dense layers, the second one 0 at first, so that training starts with RoIAlign.
 *
 * <p>Papers: R. Girshick: "Fast R-CNN", ICCV 2015; K. He, G. Gkioxari, P. Dollar, R. Girshick: "Mask R-CNN", ICCV 2017
 * (RoIAlign); J. Dai et al.: "Deformable convolutional networks", ICCV 2017.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class RegionNet extends GraphModel {
    private static final String BOXES = "boxes";
    private static final int BOX_NUMBERS = 5;
    private static final int[] CHANNELS = {32, 64, 128};
    private static final double SCALE = 0.25;
    private static final int DENSE = 256;

    private final Regions regions;
    private final int grid;

    private RegionNet(Builder builder) {
        super(builder);
        regions = builder.regions;
        grid = builder.grid;
    }

    /** How regions are pooled. */
    public enum Regions {
        /** RoIAlign: means of samples between the elements. */
        ALIGN,
        /** RoI pooling: maxima, with borders rounded to elements. */
        MAX,
        /** Deformable RoI pooling: RoIAlign whose cells move by learned offsets. */
        DEFORMABLE
    }

    /** @return a builder for 10 classes of regions in images of 3x112x112, RoIAlign to 7x7 */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public InputType[] inputTypes() {
        return new InputType[] {super.inputTypes()[0], InputType.feedForward(BOX_NUMBERS)};
    }

    @Override
    String[] inputs() {
        return new String[] {INPUT, BOXES};
    }

    @Override
    void addLayers(GraphLayers layers) {
        String map = INPUT;
        for (int stage = 1; stage <= CHANNELS.length; stage++) {
            int nOut = layers.channels(CHANNELS[stage - 1]);
            map = layers.unit("conv" + stage + "a", map, nOut, 3, 1);
            map = layers.unit("conv" + stage + "b", map, nOut, 3, 1);
            if (stage < CHANNELS.length) {
                map = layers.pool("pool" + stage, map, Pooling.max(), GraphLayers.halving());
            }
        }
        String last = layers.dense("dense1", pooled(layers, map), layers.channels(DENSE));
        last = layers.dense("dense2", last, layers.channels(DENSE));
        layers.classes(last, numClasses());
    }

    private String pooled(GraphLayers layers, String map) {
        switch (regions) {
            case ALIGN:
                return align(layers, "regions", map);
            case MAX:
                return layers.vertex("regions",
                        new RoiPoolVertex.Builder(grid, grid).spatialScale(SCALE).build(), map, BOXES);
            default:
                return deformable(layers, map);
        }
    }

    private String align(GraphLayers layers, String name, String map) {
        return layers.vertex(
                name, new RoiAlignVertex.Builder(grid, grid).spatialScale(SCALE).build(), map, BOXES);
    }

    private String deformable(GraphLayers layers, String map) {
        String offsets = layers.dense("offset-dense", align(layers, "offset-regions", map), layers.channels(DENSE));
        offsets = layers.layer("offset-numbers", new DenseLayer.Builder()
                .nOut(2L * grid * grid)
                .weightInit(new WeightInitConstant(0))
                .activation(Activation.IDENTITY)
                .build(), offsets);
        offsets = layers.vertex("offsets",
                new PreprocessorVertex(new FeedForwardToCnnPreProcessor(grid, grid, 2)), offsets);
        return layers.vertex("regions",
                new DeformableRoiPoolVertex.Builder(grid, grid).spatialScale(SCALE).build(), map, offsets, BOXES);
    }

    /** Builds a {@link RegionNet}. */
    public static final class Builder extends GraphModel.Builder<Builder> {
        private Regions regions = Regions.ALIGN;
        private int grid = 7;

        private Builder() {
            super(10, 3, 112, 112);
        }

        /**
         * @param newRegions how regions are pooled; default ALIGN
         * @return this
         */
        public Builder regions(Regions newRegions) {
            regions = Objects.requireNonNull(newRegions, "regions");
            return this;
        }

        /**
         * @param cells cells of a region along each side, at least 1; default 7
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder grid(int cells) {
            if (cells < 1) {
                throw new IllegalArgumentException("grid must be at least 1, got " + cells);
            }
            grid = cells;
            return this;
        }

        @Override
        public RegionNet build() {
            return new RegionNet(this);
        }
    }
}
