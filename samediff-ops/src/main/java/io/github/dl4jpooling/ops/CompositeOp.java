// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A pooling op made of others: a small network that looks at the map, and a pooling that does as it says. Half and
 * bfloat16 are converted to float once, so that nothing in between is rounded.
 *
 * <p>Convolutions are those of ND4J, whose order of summation may depend on the number of threads.
 */
abstract class CompositeOp extends WindowedOp {

    /** For SameDiff, which fills in the arguments. */
    CompositeOp() {}

    CompositeOp(PoolingWindow window, long[] options, double... realOptions) {
        super(window, options, realOptions);
    }

    /**
     * Computes the output.
     *
     * @param inputs the inputs, float or double. Not modified.
     * @param y the output. Modified: every element is written.
     * @param temporaries for arrays in between
     */
    abstract void forward(List<INDArray> inputs, INDArray y, Temporaries temporaries);

    /** The same for all outputs; to override where there is more than one. */
    void forward(List<INDArray> inputs, List<INDArray> outputs, Temporaries temporaries) {
        forward(inputs, outputs.get(0), temporaries);
    }

    /**
     * Computes the gradients.
     *
     * @param inputs the inputs, float or double. Not modified.
     * @param yGradient gradient of the output. Not modified.
     * @param gradients gradients of the inputs. Modified: every element is written.
     * @param temporaries for arrays in between
     */
    abstract void backward(
            List<INDArray> inputs, INDArray yGradient, List<INDArray> gradients, Temporaries temporaries);

    /** The same with the outputs but the first; to override where there are any. */
    void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries) {
        backward(inputs, yGradient, gradients, temporaries);
    }

    /** Whether half and bfloat16 are converted; not where nothing in between is rounded anyway. */
    boolean isWidened() {
        return true;
    }

    @Override
    protected final void forward(List<INDArray> inputs, List<INDArray> outputs) {
        WideArrays.run(isWidened(), inputs, outputs, this::forward);
    }

    @Override
    protected final void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        WideArrays.runBackward(isWidened(), inputs, outputGradient, inputGradients,
                (wide, yGradient, gradients, temporaries) -> backward(wide, saved, yGradient, gradients, temporaries));
    }

    /** A map with the channels second, for ND4J's convolutions; no copy. */
    final INDArray channelsFirst(INDArray map) {
        return channelsLast() ? map.permute(0, 3, 1, 2) : map;
    }

    /** A map with the channels second, in the op's order of axes; no copy. */
    final INDArray inOwnOrder(INDArray channelsFirst) {
        return channelsLast() ? channelsFirst.permute(0, 2, 3, 1) : channelsFirst;
    }
}
