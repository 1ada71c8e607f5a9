// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.AdaptiveAvgPool;
import io.github.dl4jpooling.ops.AdaptivePool;

/** Adaptive pooling, means. */
public final class AdaptiveAvgPoolOracle extends AdaptiveOracle {

    public AdaptiveAvgPoolOracle() {
        super(false);
    }

    @Override
    AdaptivePool op(boolean channelsLast, int... outputSize) {
        return new AdaptiveAvgPool(channelsLast, outputSize);
    }
}
