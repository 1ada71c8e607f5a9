// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A network for a pretext task: its encoder pools, and what is left must do to tell the image. What a pooling throws
 * away, the task cannot get back, so that the error says how much each keeps; and the encoder learns without labels, as
 * a start for networks that have few.
 *
 * <p>The encoder: 3x3 convolutions of 16 and 32 channels, each with pooling of 2x2 ("conv1", "pool1", "conv2",
 * "pool2"), and one to 8 channels ("code"). Images need sides that are multiples of 4. What follows:
 *
 * <ul>
 *   <li>{@link Objective#RECONSTRUCTION}: a decoder, twice a 3x3 convolution and enlargement by 2, then the image; mean
 *       squared error. Labels are the images themselves, from 0 to 1.
 *   <li>{@link Objective#CONTRASTIVE}: two dense layers, whose output tells two views of an image from those of others
 *       ({@link ContrastiveLoss}). Images come in pairs of views, one behind the other; labels {@code [N,32]} are not
 *       looked at.
 * </ul>
 *
 * <pre>{@code
 * ComputationGraph network = PooledZoo.pretextNet().pooling(Pooling.soft()).build().init();
 * network.fit(new DataSet(images, images));
 * WeightCopy copy = WeightCopy.of(network, classifier, PretextNet.ENCODER);
 * }</pre>
 *
 * <p>Papers: D. Pathak et al.: "Context encoders: feature learning by inpainting", CVPR 2016, for pretext tasks that
 * rebuild images; T. Chen et al., ICML 2020, for the contrastive one.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class PretextNet extends GraphModel {
    /** The layer whose output is the code of an image. */
    public static final String CODE = "code";

    /** The layers of the encoder, from the image to the code. */
    public static final List<String> ENCODER = List.of("conv1", "pool1", "conv2", "pool2", CODE);

    /** Numbers that describe a view of an image in the contrastive task. */
    public static final int PROJECTION = 32;

    private static final int FACTOR = 4;
    private static final double TEMPERATURE = 0.5;

    private final Objective objective;

    private PretextNet(Builder builder) {
        super(builder);
        objective = builder.objective;
        int[] shape = inputShape();
        if (shape[1] % FACTOR != 0 || shape[2] % FACTOR != 0) {
            throw new IllegalArgumentException(
                    "height and width must be multiples of " + FACTOR + ", got " + shape[1] + " and " + shape[2]);
        }
    }

    /** What the network is trained for. */
    public enum Objective {
        /** To rebuild the image. */
        RECONSTRUCTION,
        /** To recognise another view of the image. */
        CONTRASTIVE
    }

    /** @return a builder for images of 1x28x28 */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The codes of images.
     *
     * @param network what {@link #init} returned, trained or not
     * @param images images {@code [N,C,H,W]}. Not modified.
     * @return codes {@code [N, numbers]}
     */
    public static INDArray codes(ComputationGraph network, INDArray images) {
        INDArray code = network.feedForward(images, false).get(CODE);
        return code.reshape(code.size(0), code.length() / code.size(0));
    }

    @Override
    void addLayers(GraphLayers layers) {
        String last = layers.convolution(ENCODER.get(0), INPUT, layers.channels(16), 3, 1, Activation.RELU);
        last = layers.pool(ENCODER.get(1), last, Pooling.max(), GraphLayers.halving());
        last = layers.convolution(ENCODER.get(2), last, layers.channels(32), 3, 1, Activation.RELU);
        last = layers.pool(ENCODER.get(3), last, Pooling.max(), GraphLayers.halving());
        last = layers.convolution(CODE, last, layers.channels(8), 3, 1, Activation.RELU);
        if (objective == Objective.CONTRASTIVE) {
            layers.layer(OUTPUT, new OutputLayer.Builder(new ContrastiveLoss(TEMPERATURE))
                    .nOut(PROJECTION)
                    .weightInit(new WeightInitXavier())
                    .activation(Activation.IDENTITY)
                    .build(), layers.dense("project", last, 2 * PROJECTION));
            return;
        }
        last = layers.convolution("decode1", last, layers.channels(32), 3, 1, Activation.RELU);
        last = layers.layer("enlarge1", new Upsampling2D.Builder(2).build(), last);
        last = layers.convolution("decode2", last, layers.channels(16), 3, 1, Activation.RELU);
        last = layers.layer("enlarge2", new Upsampling2D.Builder(2).build(), last);
        last = layers.convolution("image", last, inputShape()[0], 3, 1, Activation.IDENTITY);
        layers.layer(OUTPUT, new CnnLossLayer.Builder(LossFunction.MSE).activation(Activation.SIGMOID).build(), last);
    }

    /** Builds a {@link PretextNet}. */
    public static final class Builder extends GraphModel.Builder<Builder> {
        private Objective objective = Objective.RECONSTRUCTION;

        private Builder() {
            super(1, 1, 28, 28);
        }

        /**
         * @param newObjective what the network is trained for; default {@link Objective#RECONSTRUCTION}
         * @return this
         */
        public Builder objective(Objective newObjective) {
            objective = Objects.requireNonNull(newObjective, "objective");
            return this;
        }

        @Override
        public PretextNet build() {
            return new PretextNet(this);
        }
    }
}
