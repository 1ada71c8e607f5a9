// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import io.github.dl4jpooling.ops.AdaptivePool;

/** Adaptive pooling, maxima. */
public final class AdaptiveMaxPoolOracle extends AdaptiveOracle {

    public AdaptiveMaxPoolOracle() {
        super(true);
    }

    @Override
    AdaptivePool op(boolean channelsLast, int... outputSize) {
        return new AdaptiveMaxPool(channelsLast, outputSize);
    }
}
