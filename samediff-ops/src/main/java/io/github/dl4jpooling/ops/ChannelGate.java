// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * CBAM's channel gate for images: every channel times a factor between 0 and 1, as in {@link SePool}, from several
 * poolings that share one network.
 *
 * <pre>
 * s = sigmoid(sum of W2 relu(W1 z + b1) + b2 over the poolings z of each channel),   y = s x
 * </pre>
 *
 * <p>The poolings are means and maxima in the paper; its code also has the root of the sum of squares and the logarithm
 * of the sum of exponentials. Maxima tell of single strong responses, which means hide. The bias b2 counts once for
 * each pooling.
 *
 * <p>Inputs: input {@code [N,C,H,W]} or {@code [N,H,W,C]}, weights1 {@code [C/r,C]}, bias1 {@code [C/r]}, weights2
 * {@code [C,C/r]}, bias2 {@code [C]} with the reduction r, C/r rounded down but 1 at least. All have exact gradients.
 * Output: shape of the input; types float, double, half, bfloat16. A NaN spreads to all channels of its example.
 *
 * <p>Paper: S. Woo, J. Park, J.-Y. Lee, I. S. Kweon: "CBAM: Convolutional Block Attention Module", ECCV 2018.
 */
public final class ChannelGate extends ChannelGateOp {

    private static final int MOST_POOLS = 16;

    /** For SameDiff, which fills in the arguments. */
    public ChannelGate() {}

    /**
     * Means and maxima, channels first.
     *
     * @param reduction how many times as many channels as hidden units there are, at least 1; 16 in the paper
     */
    public ChannelGate(int reduction) {
        this(false, reduction, GatePool.AVG, GatePool.MAX);
    }

    /**
     * Everything chosen.
     *
     * @param channelsLast whether the channels are the last axis
     * @param reduction how many times as many channels as hidden units there are, at least 1
     * @param pools what is pooled from each channel, one at least
     */
    public ChannelGate(boolean channelsLast, int reduction, GatePool... pools) {
        super(channelsLast, numbers(reduction, pools));
    }

    private static long[] numbers(int reduction, GatePool... pools) {
        List<Object> numbers = new ArrayList<>(Arrays.asList(reduction));
        for (GatePool pool : Objects.requireNonNull(pools, "pools")) {
            numbers.add(Objects.requireNonNull(pool, "pool"));
        }
        return options(numbers.toArray());
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.CHANNEL_GATE;
    }

    @Override
    public List<GatePool> pools() {
        int count = optionCount() - 1;
        if (count < 1 || count > MOST_POOLS) {
            throw error("there must be 1 to " + MOST_POOLS + " poolings, got " + Math.max(0, count));
        }
        List<GatePool> pools = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            pools.add(option(i, GatePool.class));
        }
        return pools;
    }
}
