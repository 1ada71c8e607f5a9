// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies what training has put into the arrays of a network; its counters are in the configuration. */
final class TrainedState {

    private TrainedState() {}

    static void copy(MultiLayerNetwork from, MultiLayerNetwork to) {
        if (copyParameters(from, to)) {
            copyUpdaterState(from.getUpdater(false), to::getUpdater);
        }
    }

    static void copy(ComputationGraph from, ComputationGraph to) {
        if (copyParameters(from, to)) {
            copyUpdaterState(from.getUpdater(false), to::getUpdater);
        }
    }

    /** Copies parameters by name and shape; returns whether the two networks have the same ones. */
    private static boolean copyParameters(Model from, Model to) {
        Map<String, INDArray> source = from.paramTable();
        Map<String, INDArray> target = to.paramTable();
        boolean same = source.size() == target.size();
        for (Map.Entry<String, INDArray> entry : target.entrySet()) {
            INDArray old = source.get(entry.getKey());
            if (old != null && Arrays.equals(old.shape(), entry.getValue().shape())) {
                entry.getValue().assign(old);
            } else {
                same = false;
            }
        }
        return same;
    }

    /** Updaters without a state, such as Sgd, have no array; untrained networks have no updater yet. */
    private static void copyUpdaterState(Updater from, Supplier<? extends Updater> to) {
        if (from != null && from.getStateViewArray() != null) {
            to.get().getStateViewArray().assign(from.getStateViewArray());
        }
    }
}
