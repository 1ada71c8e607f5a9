// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.quantization.RangeObserver;
import io.github.dl4jpooling.ops.Quantization;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A pooling of a network on its way to 8 bits: what it is, and what was seen of its input. */
abstract class QuantizedSite {

    private final String name;
    private final String pooling;
    private final String obstacle;
    private INDArray state;
    private Quantization quantization;

    QuantizedSite(String name, String pooling, String obstacle) {
        this.name = name;
        this.pooling = pooling;
        this.obstacle = obstacle;
    }

    /** Called with each batch, before all else. */
    void prepare(INDArray input) {
        // Most know already what they pool.
    }

    abstract boolean channelsLast();

    /** Puts the 8-bit form in the place of the float one. */
    abstract void replaceIn(EditedNetwork edited);

    /** Name of the layer or vertex. */
    final String name() {
        return name;
    }

    final String pooling() {
        return pooling;
    }

    /** Why it stays as it is; empty where it becomes 8-bit. */
    final String obstacle() {
        return obstacle;
    }

    /** Takes in a batch of what reaches the pooling. */
    final void observe(RangeObserver observer, boolean perChannel, INDArray input) {
        prepare(input);
        int channelAxis = channelsLast() ? input.rank() - 1 : 1;
        if (state == null) {
            state = observer.newState(perChannel ? input.size(channelAxis) : 1);
        }
        observer.observe(state, input, channelAxis);
    }

    /** Fixes the quantization after the last batch: the one that was learnt in training, if there is one. */
    final void calibrate(RangeObserver observer, DataType type, Quantization learnt) {
        quantization = learnt == null ? observer.quantization(state, type) : learnt;
    }

    final Quantization quantization() {
        return quantization;
    }
}
