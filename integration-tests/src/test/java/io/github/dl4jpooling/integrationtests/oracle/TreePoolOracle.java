// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.TreePool;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;
import java.util.Random;

/** Tree pooling. */
public final class TreePoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new TreePool(window, random == null ? 2 : 1 + random.nextInt(2));
    }

    @Override
    public List<String> goldenNames() {
        return List.of("tree_pool2d");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new TreePool(golden.window(channelsLast), golden.attribute("levels").asInt());
    }

    @Override
    public double largestElement(double largestOfType) {
        return largestOfType / 1024;
    }

    private static Dual product(OracleWindow window, Dual[] mask) {
        Dual sum = Dual.constant(0);
        for (int i = 0; i < mask.length; i++) {
            sum = sum.plus(mask[i].times(window.elements()[i]));
        }
        return sum;
    }

    private static Dual leaf(OracleWindow window, int number) {
        return product(window, window.mask("v", number));
    }

    private static Dual node(OracleWindow window, int number, Dual left, Dual right) {
        Dual gate = product(window, window.mask("w", number)).sigmoid();
        return gate.times(left).plus(gate.negated().plus(1).times(right));
    }

    @Override
    public double errorFactor() {
        return 10;
    }

    @Override
    protected Dual value(OracleWindow window) {
        if (((TreePool) window.op()).levels() == 1) {
            return node(window, 0, leaf(window, 0), leaf(window, 1));
        }
        Dual left = node(window, 0, leaf(window, 0), leaf(window, 1));
        Dual right = node(window, 1, leaf(window, 2), leaf(window, 3));
        return node(window, 2, left, right);
    }
}
