// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs what is made of several ops on half and bfloat16: they are converted to float once, so that nothing in between
 * is rounded.
 */
final class WideArrays {

    private WideArrays() {}

    /** What is computed, in float or double. */
    interface Computation {

        /**
         * Computes the results.
         *
         * @param inputs float or double. Not modified.
         * @param results float or double. Modified: every element is written.
         * @param temporaries for arrays in between
         */
        void run(List<INDArray> inputs, List<INDArray> results, Temporaries temporaries);
    }

    /** Runs a computation on arrays of any type. With an empty input all results are 0. */
    static void run(List<INDArray> inputs, List<INDArray> results, Computation computation) {
        if (setToZero(inputs, results)) {
            return;
        }
        try (Temporaries temporaries = new Temporaries()) {
            List<INDArray> wideInputs = new ArrayList<>();
            for (INDArray array : inputs) {
                wideInputs.add(isNarrow(array) ? temporaries.add(array.castTo(DataType.FLOAT)) : array);
            }
            List<INDArray> wideResults = new ArrayList<>();
            for (INDArray array : results) {
                wideResults.add(isNarrow(array) ? temporaries.create(DataType.FLOAT, array.shape()) : array);
            }
            computation.run(wideInputs, wideResults, temporaries);
            for (int i = 0; i < results.size(); i++) {
                if (wideResults.get(i) != results.get(i)) {
                    results.get(i).assign(wideResults.get(i));
                }
            }
        }
    }

    /** Without examples or channels nothing is pooled, and ND4J's ops do not take such arrays. */
    private static boolean setToZero(List<INDArray> inputs, List<INDArray> results) {
        if (inputs.stream().noneMatch(INDArray::isEmpty)) {
            return false;
        }
        results.stream().filter(result -> !result.isEmpty()).forEach(result -> result.assign(0));
        return true;
    }

    private static boolean isNarrow(INDArray array) {
        return array.dataType() == DataType.FLOAT16 || array.dataType() == DataType.BFLOAT16;
    }
}
