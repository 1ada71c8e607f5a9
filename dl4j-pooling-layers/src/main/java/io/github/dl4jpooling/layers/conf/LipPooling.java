// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.LipBlockPool;
import io.github.dl4jpooling.ops.LogitNetwork;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Local importance-based pooling (LIP) of images with its logit network. Definition and edge cases: {@link
 * LipBlockPool}. For logits from elsewhere in a graph see {@link
 * io.github.dl4jpooling.layers.conf.vertex.LipVertex}.
 *
 * <pre>{@code
 * .layer(new LipPooling.Builder().build())                                                // 3x3, stride 2, padding 1
 * .layer(new LipPooling.Builder(2, 2).logitNetwork(LogitNetwork.BOTTLENECK).bottleneck(32).build())
 * }</pre>
 *
 * <p>Parameters, as the op names them: "weights1" and so on, to which l1, l2 and weight decay apply, with gain and
 * shift or bias. The weights of the last convolution are 0 at first, gains 1, shifts and biases 0: a new layer is
 * average pooling that leaves the padding out. The other convolutions of the bottleneck get the layer's weight
 * initialisation.
 *
 * <p>The network's input type must be set.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class LipPooling extends WindowPoolingLayer {

    private LogitNetwork logitNetwork = LogitNetwork.SIMPLIFIED;
    private int bottleneck = 128;
    private double coefficient = LipBlockPool.COEFFICIENT;

    private LipPooling(Builder builder) {
        super(builder);
        logitNetwork = builder.logitNetwork;
        bottleneck = builder.bottleneck;
        coefficient = builder.coefficient;
    }

    @Override
    public WindowedOp op(PoolingWindow window) {
        return new LipBlockPool(window, logitNetwork, bottleneck, coefficient);
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        boolean isLast = name.equals(logitNetwork == LogitNetwork.BOTTLENECK ? "weights3" : "weights1");
        if (isLast || !isWeight(name)) {
            parameter.assign(name.startsWith("gain") ? 1 : 0);
            return;
        }
        long[] shape = parameter.shape();
        long taps = shape[2] * shape[3];
        IWeightInit initialisation = getWeightInitFn() == null ? new WeightInitXavier() : getWeightInitFn();
        initialisation.init(shape[1] * taps, shape[0] * taps, shape, 'c', parameter);
    }

    /** Builds a {@link LipPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private LogitNetwork logitNetwork = LogitNetwork.SIMPLIFIED;
        private int bottleneck = 128;
        private double coefficient = LipBlockPool.COEFFICIENT;

        /**
         * Starts with the simplified logit network.
         *
         * @param kernelSize window height and width; none for the paper's windows: 3x3, stride 2, padding 1
         */
        public Builder(int... kernelSize) {
            super(Objects.requireNonNull(kernelSize, "kernelSize").length == 0 ? new int[] {3, 3} : kernelSize);
            if (kernelSize.length == 0) {
                padding(1, 1);
            }
        }

        /**
         * @param newLogitNetwork what gives the logits; default SIMPLIFIED
         * @return this
         */
        public Builder logitNetwork(LogitNetwork newLogitNetwork) {
            logitNetwork = Objects.requireNonNull(newLogitNetwork, "logitNetwork");
            return this;
        }

        /**
         * @param newBottleneck channels inside the bottleneck, at least 1; default 128. The other networks have none.
         * @return this
         */
        public Builder bottleneck(int newBottleneck) {
            bottleneck = newBottleneck;
            return this;
        }

        /**
         * @param newCoefficient what the sigmoid is multiplied by, from 0.001 to 1000; default 12. Not used by
         *     PROJECTION.
         * @return this
         */
        public Builder coefficient(double newCoefficient) {
            coefficient = newCoefficient;
            return this;
        }

        @Override
        public LipPooling build() {
            return checked(new LipPooling(this));
        }
    }
}
