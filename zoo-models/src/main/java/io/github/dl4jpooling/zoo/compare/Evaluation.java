// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.data.LabelledImageIterator;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How well and how fast a network tells images apart. */
final class Evaluation {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double SMALLEST_PROBABILITY = 1e-10;

    private double loss;
    private double accuracy;
    private double millis;

    private Evaluation() {}

    static Evaluation of(ComparedNetwork network, LabelledImages images, int batch) {
        Evaluation result = new Evaluation();
        LabelledImageIterator batches = images.batches(batch);
        int image = 0;
        while (batches.hasNext()) {
            INDArray features = batches.next().getFeatures();
            long start = System.nanoTime();
            float[][] probabilities = network.output(features).toFloatMatrix();
            result.millis += (System.nanoTime() - start) / NANOS_PER_MILLI;
            for (float[] row : probabilities) {
                int label = images.label(image++);
                result.loss -= Math.log(Math.max(SMALLEST_PROBABILITY, row[label]));
                result.accuracy += isLargest(row, label) ? 1 : 0;
            }
        }
        result.loss /= images.size();
        result.accuracy /= images.size();
        result.millis /= images.size();
        return result;
    }

    /** A tie or NaN counts as an error, so that a network that answers nothing has no right answers. */
    private static boolean isLargest(float[] row, int label) {
        for (int i = 0; i < row.length; i++) {
            if (i != label && !(row[label] > row[i])) {
                return false;
            }
        }
        return true;
    }

    /** Mean cross-entropy. */
    double loss() {
        return loss;
    }

    /** Share of right answers. */
    double accuracy() {
        return accuracy;
    }

    /** For an image. */
    double millis() {
        return millis;
    }
}
