// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Collections;
import java.util.List;

/**
 * Squeeze and excitation of images: every channel times a factor between 0 and 1 that a small network makes of the
 * means of all channels.
 *
 * <pre>
 * z = mean of each channel,   s = sigmoid(W2 relu(W1 z + b1) + b2),   y = s x
 * </pre>
 *
 * <p>Lets a network turn channels up and down by what the whole image shows, at the price of two small matrix products.
 * Does not shrink the map; it does not see where in a channel something is, for which see {@link SpatialGate}.
 *
 * <p>Inputs: input {@code [N,C,H,W]} or {@code [N,H,W,C]}, weights1 {@code [C/r,C]}, bias1 {@code [C/r]}, weights2
 * {@code [C,C/r]}, bias2 {@code [C]} with the reduction r, C/r rounded down but 1 at least. All have exact gradients.
 * Output: shape of the input; types float, double, half, bfloat16. A NaN spreads to all channels of its example.
 *
 * <p>Paper: J. Hu, L. Shen, G. Sun: "Squeeze-and-Excitation Networks", CVPR 2018.
 */
public final class SePool extends ChannelGateOp {

    /** For SameDiff, which fills in the arguments. */
    public SePool() {}

    /**
     * For channels first.
     *
     * @param reduction how many times as many channels as hidden units there are, at least 1; 16 in the paper
     */
    public SePool(int reduction) {
        this(false, reduction);
    }

    /**
     * For either order of axes.
     *
     * @param channelsLast whether the channels are the last axis
     * @param reduction how many times as many channels as hidden units there are, at least 1; 16 in the paper
     */
    public SePool(boolean channelsLast, int reduction) {
        super(channelsLast, reduction);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.SE_POOL;
    }

    @Override
    public List<GatePool> pools() {
        return Collections.singletonList(GatePool.AVG);
    }
}
