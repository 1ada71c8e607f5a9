// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.data.Box;
import io.github.dl4jpooling.zoo.data.RegionScenes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a network makes of test scenes. */
final class RegionMeasurement {
    /** Test scenes that the picture shows. */
    static final int PICTURED = 3;

    private static final int BATCH = 4;

    private final transient List<List<Box>> refined = new ArrayList<>();
    private double accuracy;
    private double proposalIou;
    private double refinedIou;

    /**
     * Runs a network.
     *
     * @param network a network with classes and refinement. Not modified.
     * @param test the scenes
     */
    RegionMeasurement(ComputationGraph network, RegionScenes test) {
        int count = 0;
        for (int from = 0; from < test.size(); from += BATCH) {
            List<Integer> scenes = IntStream.range(from, Math.min(test.size(), from + BATCH)).boxed()
                    .collect(Collectors.toList());
            INDArray[] outputs = network.output(RegionTraining.inputs(test, scenes));
            double[][] probabilities = outputs[0].toDoubleMatrix();
            double[][] steps = outputs[1].toDoubleMatrix();
            int row = 0;
            for (int scene : scenes) {
                List<Box> boxes = new ArrayList<>();
                for (int i = 0; i < test.proposals(scene).size(); i++, row++) {
                    Box proposal = test.proposals(scene).get(i);
                    Box box = proposal.moved(steps[row]).within(RegionScenes.SIZE);
                    boxes.add(box);
                    accuracy += isLargest(probabilities[row], test.labels(scene).get(i)) ? 1 : 0;
                    proposalIou += proposal.iou(test.boxes(scene).get(i));
                    refinedIou += box.iou(test.boxes(scene).get(i));
                }
                if (scene < PICTURED) {
                    refined.add(boxes);
                }
            }
            count += row;
        }
        accuracy /= count;
        proposalIou /= count;
        refinedIou /= count;
    }

    /** A tie or NaN counts as an error. */
    private static boolean isLargest(double[] row, int label) {
        return IntStream.range(0, row.length).allMatch(i -> i == label || row[label] > row[i]);
    }

    /** Share of proposals whose class is found. */
    double accuracy() {
        return accuracy;
    }

    /** Mean intersection over union of proposals and true boxes. */
    double proposalIou() {
        return proposalIou;
    }

    /** The same of refined proposals. */
    double refinedIou() {
        return refinedIou;
    }

    /** Refined proposals of the first scenes. */
    List<List<Box>> refined() {
        return refined;
    }
}
