// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.MedianPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Median pooling: the lower median. */
public final class MedianPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new MedianPool(window);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("local_agg_pool2d/median");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("type");
        return super.goldenOp(golden, channelsLast);
    }

    @Override
    protected Dual value(OracleWindow window) {
        Dual[] x = window.elements();
        int[] order = IntStream.range(0, x.length).boxed()
                .sorted(Comparator.comparing(i -> x[i])) // stable
                .mapToInt(Integer::intValue).toArray();
        boolean hasNan = Arrays.stream(x).anyMatch(e -> Double.isNaN(e.value()));
        int median = hasNan ? Dual.indexOfLargest(x) : order[(x.length - 1) / 2];
        window.choose(median);
        return x[median];
    }
}
