// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a vertex of a network, forward and backward, on arrays that are right but for a number of changes. */
final class VertexCall extends HostileCall {

    private static final ComputationGraph NETWORK = VertexExamples.network();
    private static final Map<String, INDArray> ACTIVATIONS = NETWORK.feedForward(VertexExamples.inputs(), false);

    static {
        NETWORK.initGradientsView();
    }

    private final String name;
    private final int changes;

    /**
     * @param name the vertex
     * @param changes how many things are changed
     */
    VertexCall(String name, long seed, int changes, Consumer<String> log) {
        super(name, seed, log);
        this.name = name;
        this.changes = changes;
    }

    /** Vertices to run. */
    static List<String> names() {
        List<String> names = new ArrayList<>(NETWORK.getConfiguration().getNetworkOutputs());
        names.removeIf(name -> NETWORK.getVertex(name).hasLayer());
        return names;
    }

    @Override
    String run() {
        note(changes + " changes");
        GraphVertex vertex = NETWORK.getVertex(name);
        INDArray[] inputs = NETWORK.getConfiguration().getVertexInputs().get(name).stream()
                .map(input -> ACTIVATIONS.get(input).dup()).toArray(INDArray[]::new);
        for (int i = 0; i < changes; i++) {
            int place = random().nextInt(inputs.length);
            inputs[place] = changed("input " + place, inputs[place]);
        }
        try {
            vertex.setInputs(inputs);
            INDArray y = vertex.doForward(random().nextBoolean(), LayerWorkspaceMgr.noWorkspaces());
            if (changes == 0) {
                Comparison.assertSameBits("output", y, ACTIVATIONS.get(name));
            }
            INDArray epsilon = Nd4j.onesLike(y);
            vertex.setEpsilon(random().nextInt(4) > 0 ? epsilon : changed("epsilon", epsilon));
            vertex.doBackward(false, LayerWorkspaceMgr.noWorkspaces());
            return changes == 0 ? RIGHT : ANSWERED;
        } finally {
            vertex.clear();
        }
    }

    private INDArray changed(String what, INDArray array) {
        ArrayChange change = pick(ArrayChange.values());
        note(what + " " + change);
        boolean isRead = change == ArrayChange.OUTSIDE; // by ND4J's conversion, which does not look where it reads
        INDArray result = isRead ? array : change.of(array, random());
        note(result == null || result.wasClosed() || result.isAttached()
                ? "gone"
                : result.dataType() + Arrays.toString(result.shape()));
        return result;
    }
}
