// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.layers.conf.vertex.DeformableRoiPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.RoiAlignVertex;
import io.github.dl4jpooling.layers.conf.vertex.RoiPoolVertex;
import io.github.dl4jpooling.ops.RoiAlign;
import io.github.dl4jpooling.zoo.data.Box;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

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
 * <p>With {@code refinesBoxes} there is a second output, "refinement" {@code [R,4]}: the step from each box to the true
 * one, in the numbers of {@link Box}, learned by the sum of their squared errors.
 *
 * <p>The backbone has three stages of one or two 3x3 convolutions with 32, 64 and 128 channels; the map that regions
 * are cut from has a quarter of the image's size. {@code pooling} replaces its maximum pooling ("pool1", "pool2");
 * {@code regions} chooses how regions are pooled. Deformable regions learn their offsets from RoIAlign of the region by
 * two dense layers, the second one 0 at first, so that training starts with RoIAlign.
 *
 * <p>Papers: R. Girshick: "Fast R-CNN", ICCV 2015; K. He, G. Gkioxari, P. Dollar, R. Girshick: "Mask R-CNN", ICCV 2017
 * (RoIAlign); J. Dai et al.: "Deformable convolutional networks", ICCV 2017.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class RegionNet extends GraphModel {
    private static final String BOXES = "boxes";
    private static final int BOX_NUMBERS = 5;
    private static final String REFINEMENT = "refinement";
    private static final String REGIONS = "regions";
    private static final int[] CHANNELS = {32, 64, 128};
    private static final double SCALE = 0.25;
    private static final int DENSE = 256;

    private final Regions regions;
    private final int grid;
    private final int convolutions;
    private final boolean refinesBoxes;

    private RegionNet(Builder builder) {
        super(builder);
        regions = builder.regions;
        grid = builder.grid;
        convolutions = builder.convolutions;
        refinesBoxes = builder.refinesBoxes;
    }

    /** How regions are pooled. */
    public enum Regions {
        /** RoIAlign: means of samples between the elements. */
        ALIGN,
        /** RoIAlign with maxima instead of means. */
        ALIGN_MAX,
        /** RoI pooling: maxima, with borders rounded to elements. */
        MAX,
        /** RoI pooling with means instead of maxima, over the same elements. */
        AVERAGE,
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
    String[] outputs() {
        return refinesBoxes ? new String[] {OUTPUT, REFINEMENT} : super.outputs();
    }

    @Override
    void addLayers(GraphLayers layers) {
        String map = INPUT;
        for (int stage = 1; stage <= CHANNELS.length; stage++) {
            int nOut = layers.channels(CHANNELS[stage - 1]);
            map = layers.unit("conv" + stage + "a", map, nOut, 3, 1);
            if (convolutions == 2) {
                map = layers.unit("conv" + stage + "b", map, nOut, 3, 1);
            }
            if (stage < CHANNELS.length) {
                map = layers.pool("pool" + stage, map, Pooling.max(), GraphLayers.halving());
            }
        }
        String last = layers.dense("dense1", pooled(layers, map), layers.channels(DENSE));
        last = layers.dense("dense2", last, layers.channels(DENSE));
        layers.classes(last, numClasses());
        if (refinesBoxes) {
            layers.layer(REFINEMENT, new OutputLayer.Builder(LossFunction.L2)
                    .nOut(Box.STEP_NUMBERS)
                    .weightInit(new WeightInitXavier())
                    .activation(Activation.IDENTITY)
                    .build(), last);
        }
    }

    private String pooled(GraphLayers layers, String map) {
        switch (regions) {
            case ALIGN:
                return align(layers, REGIONS, map);
            case ALIGN_MAX:
                return layers.vertex(REGIONS, new RoiAlignVertex.Builder(grid, grid)
                        .spatialScale(SCALE)
                        .mode(RoiAlign.Mode.MAXIMUM)
                        .build(), map, BOXES);
            case MAX:
                return layers.vertex(REGIONS,
                        new RoiPoolVertex.Builder(grid, grid).spatialScale(SCALE).build(), map, BOXES);
            case AVERAGE:
                return roundedAverage(layers, map);
            default:
                return deformable(layers, map);
        }
    }

    private String align(GraphLayers layers, String name, String map) {
        return layers.vertex(
                name, new RoiAlignVertex.Builder(grid, grid).spatialScale(SCALE).build(), map, BOXES);
    }

    /** Each cell is a region of its own, whose borders lie on those of elements: its samples are the elements. */
    private String roundedAverage(GraphLayers layers, String map) {
        int rows = (int) (inputShape()[1] * SCALE);
        int columns = (int) (inputShape()[2] * SCALE);
        String cells = layers.vertex("cells",
                new PreprocessorVertex(new RoundedCells(grid, SCALE, rows, columns)), BOXES);
        cells = layers.vertex("cell-means", new RoiAlignVertex.Builder(1, 1).spatialScale(SCALE).build(), map, cells);
        int features = grid * grid * layers.channels(CHANNELS[CHANNELS.length - 1]);
        return layers.vertex(REGIONS, new ReshapeVertex('c', new int[] {-1, features}, null), cells);
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
        return layers.vertex(REGIONS,
                new DeformableRoiPoolVertex.Builder(grid, grid).spatialScale(SCALE).build(), map, offsets, BOXES);
    }

    /** Builds a {@link RegionNet}. */
    public static final class Builder extends GraphModel.Builder<Builder> {
        private Regions regions = Regions.ALIGN;
        private int grid = 7;
        private int convolutions = 2;
        private boolean refinesBoxes;

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

        /**
         * @param ofAStage convolutions of each stage of the backbone, 1 or 2; default 2
         * @return this
         * @throws IllegalArgumentException if it is another number
         */
        public Builder convolutions(int ofAStage) {
            if (ofAStage != 1 && ofAStage != 2) {
                throw new IllegalArgumentException("convolutions must be 1 or 2, got " + ofAStage);
            }
            convolutions = ofAStage;
            return this;
        }

        /**
         * Adds the output "refinement"; {@code fit} then takes two arrays of labels.
         *
         * @return this
         */
        public Builder refinesBoxes() {
            refinesBoxes = true;
            return this;
        }

        @Override
        public RegionNet build() {
            return new RegionNet(this);
        }
    }
}
