// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An op that keeps the k largest elements of each map of one channel. Its first option is k. */
abstract class TopElementsOp extends MapOp {

    private static final int HEADER_WORDS = 3 + MapAxes.KERNEL_AXES;

    /** For SameDiff, which fills in the arguments. */
    TopElementsOp() {}

    TopElementsOp(boolean channelsLast, long... options) {
        super(channelsLast, options);
        checkOptions();
    }

    /** @return how many elements of a map are kept */
    public final int k() {
        return (int) option(0, "k", 1, Integer.MAX_VALUE);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        k();
    }

    /**
     * Runs a kernel.
     *
     * @param pass the part of its name behind the operator's stem
     * @param map an array with the spatial sizes of the maps. Not modified.
     * @param outputs how many of the arrays, at the end, are outputs
     * @param arrays the arrays; null for one that is left out, rank 2 for one without channels
     */
    final void launch(String pass, INDArray map, int outputs, INDArray... arrays) {
        MapAxes axes = axes();
        long[] parameters = new long[HEADER_WORDS + arrays.length * WindowGeometry.STRIDE_WORDS];
        parameters[0] = map.size(0);
        parameters[1] = map.size(axes.channelAxis());
        int next = axes.writeSpatial(parameters, 2, 1, axes.spatial(map.shape()));
        parameters[next++] = k();
        for (INDArray array : arrays) {
            if (array != null && array.rank() == 2) {
                parameters[next] = ArrayMemory.stride(array, 0);
                parameters[next + WindowGeometry.STRIDE_WORDS - 1] = ArrayMemory.stride(array, 1);
            } else if (array != null) {
                axes.writeStrides(parameters, next, array.stride());
            }
            next += WindowGeometry.STRIDE_WORDS;
        }
        Kernels.launch(operator().stem() + pass, parameters, outputs, arrays);
    }
}
