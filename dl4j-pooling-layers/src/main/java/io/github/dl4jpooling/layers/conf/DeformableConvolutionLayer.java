// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.DeformableBlockConvolution;
import io.github.dl4jpooling.ops.DeformableConvolution;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Deformable convolution of images that learns where to look: a convolution over the layer's input predicts for each
 * window how far its places move and, if modulated, a factor for each. Definition and edge cases: {@link
 * DeformableBlockConvolution} and {@link DeformableConvolution}.
 *
 * <pre>{@code
 * .layer(new DeformableConvolutionLayer.Builder(3, 3).stride(1, 1).padding(1, 1).nOut(64).modulated(true).build())
 * .layer(new ActivationLayer(Activation.RELU))
 * }</pre>
 *
 * <p>It has no activation function: put an ActivationLayer behind it. Parameters: "offsetWeights" and "offsetBias" of
 * the prediction, 0 at first, so that a new layer is a convolution; "weights", which start as the network's weight
 * initialisation says, Xavier's by default; "bias", 0 at first. l1, l2 and weight decay apply to both weights.
 *
 * <p>The network's input type must be set. Offsets often train better with a learning rate below that of the other
 * layers.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class DeformableConvolutionLayer extends WindowPoolingLayer {

    private long nOut;
    private int groups = 1;
    private int offsetGroups = 1;
    private boolean modulated;
    private boolean hasBias = true;

    private DeformableConvolutionLayer(Builder builder) {
        super(builder);
        nOut = builder.nOut;
        groups = builder.groups;
        offsetGroups = builder.offsetGroups;
        modulated = builder.modulated;
        hasBias = builder.hasBias;
    }

    @Override
    public WindowedOp op(PoolingWindow window) {
        return new DeformableBlockConvolution(window, nOut, groups, offsetGroups, modulated, hasBias);
    }

    @Override
    protected long[] outputShape(long[] inputShape) {
        long[] shape = super.outputShape(inputShape);
        int channelAxis = isChannelsLast() ? shape.length - 1 : 1;
        shape[channelAxis] = nOut == 0 ? shape[channelAxis] : nOut;
        return shape;
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        if (!name.equals("weights")) {
            parameter.assign(0);
            return;
        }
        long[] shape = parameter.shape();
        long taps = shape[2] * shape[3];
        IWeightInit initialisation = getWeightInitFn() == null ? new WeightInitXavier() : getWeightInitFn();
        initialisation.init(shape[1] * taps, shape[0] * taps, shape, 'c', parameter);
    }

    /** Builds a {@link DeformableConvolutionLayer}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private long nOut;
        private int groups = 1;
        private int offsetGroups = 1;
        private boolean modulated;
        private boolean hasBias = true;

        /** @param kernelSize window height and width; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newOutputs number of output channels; default 0: as many as the input has
         * @return this
         */
        public Builder nOut(long newOutputs) {
            nOut = newOutputs;
            return this;
        }

        /**
         * @param newGroups number of groups of channels and outputs that belong together; must divide both numbers;
         *     default 1
         * @return this
         */
        public Builder groups(int newGroups) {
            groups = newGroups;
            return this;
        }

        /**
         * @param newOffsetGroups number of groups of channels with offsets of their own; must divide the number of
         *     channels; default 1
         * @return this
         */
        public Builder offsetGroups(int newOffsetGroups) {
            offsetGroups = newOffsetGroups;
            return this;
        }

        /**
         * @param newModulated whether each place also gets a factor, 2 sigmoid(z) with z predicted as the offsets are;
         *     between 0 and 2, 1 at first; default false
         * @return this
         */
        public Builder modulated(boolean newModulated) {
            modulated = newModulated;
            return this;
        }

        /**
         * @param newHasBias whether there is a bias; default true
         * @return this
         */
        public Builder hasBias(boolean newHasBias) {
            hasBias = newHasBias;
            return this;
        }

        @Override
        public DeformableConvolutionLayer build() {
            return checked(new DeformableConvolutionLayer(this));
        }
    }
}
