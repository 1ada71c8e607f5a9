// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Copies what training has put into the arrays of a network; its counters are in the configuration. */
final class TrainedState {
    /** New layer or vertex to the old one of which it has the parameters. */
    private final Map<Trainable, Trainable> origins = new IdentityHashMap<>();

    private TrainedState() {}

    /** Fails for a network that has no parameters yet. */
    static MultiLayerNetwork checked(MultiLayerNetwork network) {
        checkInitialized(Objects.requireNonNull(network, "network").isInitCalled());
        return network;
    }

    /** Fails for a network that has no parameters yet. */
    static ComputationGraph checked(ComputationGraph network) {
        checkInitialized(Objects.requireNonNull(network, "network").getLayers() != null);
        return network;
    }

    private static void checkInitialized(boolean isInitialized) {
        if (!isInitialized) {
            throw new IllegalArgumentException("the network is not initialized: call init() before");
        }
    }

    /**
     * Copies from layer to layer.
     *
     * @param origins where each layer of the new network is in the old one; -1 for those that start afresh
     */
    static void copy(MultiLayerNetwork from, MultiLayerNetwork to, List<Integer> origins) {
        TrainedState state = new TrainedState();
        for (int i = 0; i < origins.size(); i++) {
            if (origins.get(i) >= 0) {
                state.copyParameters(from.getLayer(origins.get(i)), to.getLayer(i));
            }
        }
        state.copyUpdater(from.getUpdater(false), to::getUpdater);
    }

    /**
     * Copies from vertex to vertex of the same name.
     *
     * @param fresh names of the vertices that start afresh
     */
    static void copy(ComputationGraph from, ComputationGraph to, Set<String> fresh) {
        TrainedState state = new TrainedState();
        for (GraphVertex vertex : to.getVertices()) {
            GraphVertex old = from.getVertex(vertex.getVertexName());
            if (old != null && !fresh.contains(vertex.getVertexName())) {
                state.copyParameters(old, vertex);
            }
        }
        state.copyUpdater(from.getUpdater(false), to::getUpdater);
    }

    /** Copies if all names and shapes agree. */
    private void copyParameters(Trainable from, Trainable to) {
        Map<String, INDArray> old = from.paramTable(false);
        Map<String, INDArray> now = to.paramTable(false);
        if (old != null && now != null && shapes(old).equals(shapes(now))) {
            now.forEach((name, array) -> array.assign(old.get(name)));
            origins.put(to, from);
        }
    }

    private static Map<String, List<Long>> shapes(Map<String, INDArray> arrays) {
        return arrays.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                entry -> Arrays.stream(entry.getValue().shape()).boxed().collect(Collectors.toList())));
    }

    /** Updaters without a state, such as Sgd, have no array; untrained networks have no updater yet. */
    private void copyUpdater(Updater from, Supplier<? extends Updater> to) {
        if (from == null || from.getStateViewArray() == null) {
            return;
        }
        Map<Trainable, Map<String, INDArray>> old = states((BaseMultiLayerUpdater<?>) from);
        states((BaseMultiLayerUpdater<?>) to.get()).forEach((layer, parameters) -> parameters.forEach((name, now) -> {
            Map<String, INDArray> origin = old.get(origins.get(layer));
            if (origin != null) {
                now.assign(origin.get(name));
            }
        }));
    }

    /**
     * Views of what an updater holds for each parameter, a row for each kind: Adam's first moments, its second moments.
     * A block of parameters has all of one kind together, then all of the next.
     */
    private static Map<Trainable, Map<String, INDArray>> states(BaseMultiLayerUpdater<?> updater) {
        Map<Trainable, Map<String, INDArray>> states = new IdentityHashMap<>();
        for (UpdaterBlock block : updater.getUpdaterBlocks()) {
            INDArray view = block.getUpdaterView();
            if (view == null) {
                continue;
            }
            long start = block.getParamOffsetStart();
            long width = block.getParamOffsetEnd() - start;
            INDArray rows = view.reshape('c', true, view.length() / width, width);
            for (UpdaterBlock.ParamState parameter : block.getLayersAndVariablesInBlock()) {
                states.computeIfAbsent(parameter.getLayer(), layer -> new HashMap<>())
                        .put(parameter.getParamName(), rows.get(NDArrayIndex.all(), NDArrayIndex.interval(
                                parameter.getParamOffsetStart() - start, parameter.getParamOffsetEnd() - start)));
            }
        }
        return states;
    }
}
