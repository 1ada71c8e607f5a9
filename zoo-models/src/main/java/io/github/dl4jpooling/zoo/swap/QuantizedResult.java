// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

/**
 * What a {@link QuantizedSwap} made.
 *
 * @param <N> kind of network
 */
public final class QuantizedResult<N> {
    private final N network;
    private final QuantizedReport report;

    QuantizedResult(N network, QuantizedReport report) {
        this.network = network;
        this.report = report;
    }

    /** @return the new network */
    public N network() {
        return network;
    }

    /** @return scale, zero point and error of each place */
    public QuantizedReport report() {
        return report;
    }
}
