// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies what training has put into the arrays of a network; its counters are in the configuration. */
final class TrainedState {

    private TrainedState() {}

    /**
     * Copies from layer to layer.
     *
     * @param origins where each layer of the new network is in the old one; -1 for those that start afresh
     */
    static void copy(MultiLayerNetwork from, MultiLayerNetwork to, List<Integer> origins) {
        long copied = 0;
        for (int i = 0; i < origins.size(); i++) {
            if (origins.get(i) >= 0) {
                copied += copy(from.getLayer(origins.get(i)).paramTable(), to.getLayer(i).paramTable());
            }
        }
        if (copied == to.numParams() && copied == from.numParams()) {
            copyUpdaterState(from.getUpdater(false), to::getUpdater);
        }
    }

    /**
     * Copies from vertex to vertex of the same name.
     *
     * @param fresh names of the vertices that start afresh
     */
    static void copy(ComputationGraph from, ComputationGraph to, Set<String> fresh) {
        long copied = 0;
        for (GraphVertex vertex : to.getVertices()) {
            GraphVertex old = from.getVertex(vertex.getVertexName());
            if (old != null && !fresh.contains(vertex.getVertexName())) {
                copied += copy(old.paramTable(false), vertex.paramTable(false));
            }
        }
        if (copied == to.numParams() && copied == from.numParams()) {
            copyUpdaterState(from.getUpdater(false), to::getUpdater);
        }
    }

    /** Copies if all names and shapes agree; returns how many numbers. */
    private static long copy(Map<String, INDArray> from, Map<String, INDArray> to) {
        if (from == null || to == null || !shapes(from).equals(shapes(to))) {
            return 0;
        }
        to.forEach((name, array) -> array.assign(from.get(name)));
        return to.values().stream().mapToLong(INDArray::length).sum();
    }

    private static Map<String, List<Long>> shapes(Map<String, INDArray> arrays) {
        return arrays.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                entry -> Arrays.stream(entry.getValue().shape()).boxed().collect(Collectors.toList())));
    }

    /** Updaters without a state, such as Sgd, have no array; untrained networks have no updater yet. */
    private static void copyUpdaterState(Updater from, Supplier<? extends Updater> to) {
        if (from != null && from.getStateViewArray() != null) {
            to.get().getStateViewArray().assign(from.getStateViewArray());
        }
    }
}
