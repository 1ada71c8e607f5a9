// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.AttentionGate;
import io.github.dl4jpooling.ops.AttentionOp;
import io.github.dl4jpooling.ops.AttentionPool;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Attention pooling: the mean of a whole map or sequence, weighted by a learned gate of each channel or a learned
 * softmax over positions. Definition and edge cases: {@link AttentionPool}; masks and output: {@link
 * AttentionPoolingLayer}.
 *
 * <pre>{@code
 * .layer(new AttentionPooling.Builder().build())                                              // softmax over an image
 * .layer(new AttentionPooling.Builder(AttentionGate.CHANNEL).dimensions(1).hiddenUnits(32).build())     // a sequence
 * }</pre>
 *
 * <p>Parameters, as the op names them; l1, l2 and weight decay apply to the weights. Those that give the scores are 0
 * at first, and so the layer global average pooling; those of hidden units get the layer's weight initialisation.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class AttentionPooling extends AttentionPoolingLayer {

    private AttentionGate gate = AttentionGate.POSITION;
    private int hiddenUnits;

    private AttentionPooling(Builder builder) {
        super(builder);
        gate = builder.gate;
        hiddenUnits = builder.hiddenUnits;
    }

    @Override
    protected AttentionOp newOp(boolean masked) {
        return new AttentionPool(dimensions(), isChannelsLast(), gate, hiddenUnits, masked);
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        if (name.equals("weights")) {
            parameter.assign(0);
        } else {
            super.initializeParameter(name, parameter);
        }
    }

    /** Builds an {@link AttentionPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends AttentionPoolingLayer.Builder<Builder> {

        private final AttentionGate gate;
        private int hiddenUnits;

        /** Starts with a softmax over positions. */
        public Builder() {
            this(AttentionGate.POSITION);
        }

        /** @param gate what the weights are */
        public Builder(AttentionGate gate) {
            this.gate = Objects.requireNonNull(gate, "gate");
        }

        /**
         * @param newHiddenUnits units of the network that gives the scores; default 0, a linear one
         * @return this
         */
        public Builder hiddenUnits(int newHiddenUnits) {
            hiddenUnits = newHiddenUnits;
            return this;
        }

        @Override
        public AttentionPooling build() {
            return checked(new AttentionPooling(this));
        }
    }
}
