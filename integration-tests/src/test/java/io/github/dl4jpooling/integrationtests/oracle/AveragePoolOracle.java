// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.AveragePool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;
import java.util.Random;

/** Average pooling: sum over divisor. */
public final class AveragePoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        switch (random == null ? 0 : random.nextInt(3)) {
            case 0:
                return new AveragePool(window);
            case 1:
                return new AveragePool(window, true);
            default:
                return new AveragePool(window, -3.5);
        }
    }

    @Override
    public List<String> goldenNames() {
        return List.of("avg_pool2d", "global_pool2d/avg");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("type");
        PoolingWindow window = golden.window(channelsLast);
        if (golden.has("divisorOverride")) {
            golden.attribute("countIncludePad");
            return new AveragePool(window, golden.attribute("divisorOverride").asDouble());
        }
        return new AveragePool(window, golden.attribute("countIncludePad").asBoolean());
    }

    @Override
    protected Dual value(OracleWindow window) {
        AveragePool op = (AveragePool) window.op();
        double divisor = window.elements().length;
        if (op.divisor() != 0) {
            divisor = op.divisor();
        } else if (op.countsPadding()) {
            divisor = window.paddedTaps();
        }
        return Dual.sum(window.elements()).over(divisor);
    }
}
