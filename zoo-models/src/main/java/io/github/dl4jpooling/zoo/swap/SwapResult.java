// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

/**
 * What a {@link PoolingSwap} made.
 *
 * @param <T> the type that was given to it: a network, a graph, or the configuration of one
 */
public final class SwapResult<T> {
    private final T network;
    private final SwapReport report;

    SwapResult(T network, SwapReport report) {
        this.network = network;
        this.report = report;
    }

    /** @return the new network or configuration */
    public T network() {
        return network;
    }

    /** @return what was swapped and what was kept */
    public SwapReport report() {
        return report;
    }
}
