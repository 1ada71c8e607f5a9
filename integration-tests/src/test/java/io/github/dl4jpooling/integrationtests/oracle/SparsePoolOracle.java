// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SparsePool;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Sparse pooling: the active elements of a window are picked out, then the largest or the mean of them is taken. */
public final class SparsePoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new SparsePool(
                window, random == null || random.nextBoolean() ? SparsePool.Type.MAX : SparsePool.Type.AVG);
    }

    /** Few are active, and any number but 0 means that. */
    @Override
    protected double draw(WindowInput input, Random random) {
        return random.nextInt(3) > 0 ? 0 : random.nextInt(4) == 0 ? random.nextGaussian() : 1;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("sparse_pool2d");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new SparsePool(golden.window(channelsLast), golden.constant("type", SparsePool.Type.class));
    }

    @Override
    public String goldenName(String name) {
        return name.equals(SparsePool.SITES) ? "active"
                : name.equals(SparsePool.ACTIVE) ? "active_out" : super.goldenName(name);
    }

    @Override
    public boolean definesInfinities() {
        return true;
    }

    @Override
    protected Dual value(OracleWindow window) {
        Dual[] elements = window.elements();
        Dual[] sites = window.elements(SparsePool.SITES);
        List<Dual> active = new ArrayList<>();
        for (int i = 0; i < elements.length; i++) {
            if (sites[i].value() != 0) {
                active.add(elements[i]);
            }
        }
        if (active.isEmpty()) {
            return Dual.constant(0);
        }
        Dual[] some = active.toArray(new Dual[0]);
        if (((SparsePool) window.op()).type() == SparsePool.Type.MAX) {
            return some[Dual.indexOfLargest(some)];
        }
        return Dual.mean(some);
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return super.isMap(op, name) || name.equals(SparsePool.ACTIVE);
    }

    /** The mean of ones is 1 where anything is active. */
    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        PlainArray[] ones = inputs.clone();
        ones[0] = PlainArray.zeros(inputs[1].shape());
        Arrays.fill(ones[0].values(), 1);
        SparsePool mean = new SparsePool(((SparsePool) op).window(), SparsePool.Type.AVG);
        return new PlainArray[] {super.outputs(op, inputs)[0], super.outputs(mean, ones)[0]};
    }
}
