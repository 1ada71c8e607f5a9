// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.UniformDistribution;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a network before and after a swap and says how much its outputs differ, at each site and in all. */
final class FunctionCheck {
    private static final int EXAMPLES = 2;
    private static final long SEED = 20190827;
    private static final int LEAST_LENGTH = 8;

    private FunctionCheck() {}

    static SwapReport check(
            SwapReport report, MultiLayerNetwork before, MultiLayerNetwork after, List<Integer> origins,
            INDArray... inputs) {
        INDArray x = single(inputs);
        List<INDArray> activations = before.feedForward(x, false);
        Map<Integer, Double> differences = new HashMap<>();
        for (SwapReport.Entry entry : report.swapped()) {
            int index = entry.site().index();
            INDArray input = activations.get(index).dup();
            InputPreProcessor preProcessor = before.getLayerWiseConfigurations().getInputPreProcess(index);
            int now = origins.indexOf(index);
            List<Layer> layers = new ArrayList<>(List.of(after.getLayer(now)));
            if (entry.site().isStridedConvolution()) {
                layers.add(after.getLayer(now + 1));
            }
            differences.put(index, difference(activations.get(index + 1), run(input, preProcessor, layers)));
        }
        double output = difference(activations.get(activations.size() - 1), after.output(x, false));
        clear(before);
        clear(after);
        return report.measured(output, differences);
    }

    static SwapReport check(SwapReport report, ComputationGraph before, ComputationGraph after, INDArray... inputs) {
        List<String> names = before.getConfiguration().getNetworkInputs();
        if (inputs.length != names.size()) {
            throw new IllegalArgumentException(
                    "the network has the inputs " + names + ", got " + inputs.length + " examples");
        }
        Map<String, INDArray> activations = new HashMap<>(before.feedForward(inputs, false));
        for (int i = 0; i < inputs.length; i++) {
            activations.putIfAbsent(names.get(i), inputs[i]);
        }
        Map<Integer, Double> differences = new HashMap<>();
        for (SwapReport.Entry entry : report.swapped()) {
            String name = entry.name();
            String source = before.getConfiguration().getVertexInputs().get(name).get(0);
            InputPreProcessor preProcessor =
                    ((LayerVertex) before.getConfiguration().getVertices().get(name)).getPreProcessor();
            List<Layer> layers = new ArrayList<>(List.of(after.getLayer(name)));
            if (entry.site().isStridedConvolution()) {
                layers.add(after.getLayer(EditedNetwork.insertedName(name)));
            }
            INDArray now = run(activations.get(source).dup(), preProcessor, layers);
            differences.put(entry.site().index(), difference(activations.get(name), now));
        }
        INDArray[] outputs = after.output(false, inputs);
        double most = 0;
        for (int i = 0; i < outputs.length; i++) {
            String name = before.getConfiguration().getNetworkOutputs().get(i);
            most = larger(most, difference(activations.get(name), outputs[i]));
        }
        before.clear();
        after.clear();
        return report.measured(most, differences);
    }

    /** MultiLayerNetwork.clear() would drop the updater with its state. */
    static void clear(MultiLayerNetwork network) {
        network.clearLayersStates();
        network.setInput(null);
    }

    private static INDArray single(INDArray... inputs) {
        if (inputs.length != 1) {
            throw new IllegalArgumentException("a MultiLayerNetwork has one input, got " + inputs.length + " examples");
        }
        return inputs[0];
    }

    private static INDArray run(INDArray input, InputPreProcessor preProcessor, List<Layer> layers) {
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        INDArray now = preProcessor == null
                ? input
                : preProcessor.preProcess(input, (int) input.size(0), workspaces);
        for (Layer layer : layers) {
            now = layer.activate(now, false, workspaces);
        }
        return now;
    }

    /** Largest difference, divided by the largest element before. */
    private static double difference(INDArray before, INDArray after) {
        if (!Arrays.equals(before.shape(), after.shape())) {
            throw new IllegalStateException("a swap changed the shape " + Arrays.toString(before.shape()) + " to "
                    + Arrays.toString(after.shape()));
        }
        INDArray old = before.castTo(DataType.DOUBLE);
        double difference = after.castTo(DataType.DOUBLE).sub(old).amaxNumber().doubleValue();
        boolean hasNan = Double.isNaN(old.sumNumber().doubleValue())
                || Double.isNaN(after.castTo(DataType.DOUBLE).sumNumber().doubleValue());
        double scale = old.amaxNumber().doubleValue();
        if (hasNan) {
            return Double.NaN;
        }
        return difference == 0 ? 0 : difference / scale;
    }

    /** NaN counts as larger than everything. */
    private static double larger(double a, double b) {
        return Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : Math.max(a, b);
    }

    /** Numbers from 0 to 1 that do not touch ND4J's generator. */
    static INDArray[] examples(DataType type, InputType... inputTypes) {
        Random random = Nd4j.getRandomFactory().getNewRandomInstance(SEED);
        INDArray[] examples = new INDArray[inputTypes.length];
        for (int i = 0; i < examples.length; i++) {
            long[] shape = inputTypes[i].getShape(true);
            shape[0] = EXAMPLES;
            for (int axis = 1; axis < shape.length; axis++) {
                shape[axis] = shape[axis] > 0 ? shape[axis] : LEAST_LENGTH; // a sequence of unknown length
            }
            INDArray x = Nd4j.create(DataType.FLOAT, shape);
            examples[i] = Nd4j.getExecutioner()
                    .exec(new UniformDistribution(x, 0, 1), random)
                    .castTo(type);
        }
        return examples;
    }
}
