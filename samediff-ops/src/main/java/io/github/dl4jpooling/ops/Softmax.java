// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Softmax of each row of a matrix. */
final class Softmax {

    private Softmax() {}

    /** Weights from scores, in a new array. */
    static INDArray ofRows(INDArray scores, Temporaries temporaries) {
        INDArray weights = temporaries.like(scores);
        Nd4j.exec(DynamicCustomOp.builder("softmax")
                .addInputs(scores)
                .addOutputs(weights)
                .addIntegerArguments(1)
                .build());
        return weights;
    }

    /**
     * Gradient of the scores.
     *
     * @param weights what the softmax gave. Not modified.
     * @param gradient gradient of the weights. Modified: becomes that of the scores.
     * @param temporaries for arrays in between
     * @return {@code gradient}
     */
    static INDArray backward(INDArray weights, INDArray gradient, Temporaries temporaries) {
        INDArray weighted = temporaries.add(weights.mul(gradient));
        INDArray means = temporaries.add(weighted.sum(true, 1));
        return gradient.subiColumnVector(means).muli(weights);
    }
}
