// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Half and bfloat16 converted to float once, so that nothing between inputs and outputs is rounded. */
final class WideArrays {

    private WideArrays() {}

    /** A computation on float or double arrays. */
    interface Computation {
        /**
         * Computes.
         *
         * @param inputs the inputs. Not modified.
         * @param outputs the outputs. Modified: every element is written.
         * @param temporaries for arrays in between
         */
        void run(List<INDArray> inputs, List<INDArray> outputs, Temporaries temporaries);
    }

    /** A computation of gradients on float or double arrays. */
    interface Gradients {
        /**
         * Computes.
         *
         * @param inputs inputs of the forward pass. Not modified.
         * @param yGradient gradient of its output. Not modified.
         * @param gradients gradients of the inputs. Modified: every element is written.
         * @param temporaries for arrays in between
         */
        void run(List<INDArray> inputs, INDArray yGradient, List<INDArray> gradients, Temporaries temporaries);
    }

    /** Runs a computation of gradients in the same way. */
    static void runBackward(boolean widened, List<INDArray> inputs, INDArray yGradient, List<INDArray> gradients,
            Gradients computation) {
        List<INDArray> all = new ArrayList<>(inputs);
        all.add(yGradient);
        int last = inputs.size();
        run(widened, all, gradients, (wide, results, temporaries) -> computation.run(
                wide.subList(0, last), wide.get(last), results, temporaries));
    }

    /** Runs a computation on arrays of any type; where an input is empty, outputs are 0. */
    static void run(List<INDArray> inputs, List<INDArray> outputs, Computation computation) {
        run(true, inputs, outputs, computation);
    }

    /** The same for computations that may do without the conversion. */
    static void run(boolean widened, List<INDArray> inputs, List<INDArray> outputs, Computation computation) {
        if (setToZero(inputs, outputs)) {
            return;
        }
        try (Temporaries temporaries = new Temporaries()) {
            List<INDArray> wide = new ArrayList<>();
            for (INDArray input : inputs) {
                if (widened && isNarrow(input)) {
                    wide.add(temporaries.add(input.castTo(DataType.FLOAT)));
                } else { // BLAS is what computations are made of
                    wide.add(ArrayMemory.isSpread(input) ? input : temporaries.add(input.dup('c')));
                }
            }
            List<INDArray> results = new ArrayList<>();
            for (INDArray output : outputs) {
                results.add(widened && isNarrow(output) ? temporaries.create(DataType.FLOAT, output.shape()) : output);
            }
            computation.run(wide, results, temporaries);
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i) != outputs.get(i)) {
                    outputs.get(i).assign(results.get(i));
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
