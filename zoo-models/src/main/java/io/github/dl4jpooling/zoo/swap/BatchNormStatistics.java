// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Means and variances of batch normalization, measured anew. After a swap the layers behind get other numbers than
 * those they remember. Where the new pooling shall be used without further training, or before it, this can repair part
 * of the damage; {@code docs/zoo.md} has figures, also of a network that it does not help:
 *
 * <pre>{@code
 * MultiLayerNetwork network = PoolingSwap.to(Pooling.average()).apply(trained).network();
 * BatchNormStatistics.recalibrate(network, trainingImages);
 * }</pre>
 *
 * <p>Mean and variance (of the population, as DL4J's) are those of what reaches a layer at test time over all examples,
 * computed in double. Layers are done one after the other in the network's order, so that each sees the new statistics
 * of those before: the result does not depend on batches, and a second call changes nothing beyond rounding. This takes
 * a pass over the data for each layer, up to that layer; a few hundred examples are usually enough. Nothing else in the
 * network changes, neither gain and shift nor the updater. Layers inside frozen ones are done as well.
 *
 * <p>See S. Ioffe, C. Szegedy: "Batch normalization", ICML 2015, algorithm 2, steps 8 to 12.
 */
public final class BatchNormStatistics {

    private BatchNormStatistics() {}

    /**
     * Measures the statistics of a network.
     *
     * @param network the network, initialized; modified
     * @param data examples without masks; reset before each pass and in the end. Labels are not used.
     * @return number of layers of batch normalization
     * @throws IllegalArgumentException if {@code data} cannot be reset, is empty or has masks; nothing is modified then
     */
    public static int recalibrate(MultiLayerNetwork network, DataSetIterator data) {
        MultiDataSetIterator batches = new MultiDataSetIteratorAdapter(Objects.requireNonNull(data, "data"));
        int layers = TrainedState.checked(network).getnLayers();
        int count = 0;
        for (int i = 0; i < layers; i++) {
            BatchNormalization layer = batchNorm(network.getLayer(i));
            if (layer == null) {
                continue;
            }
            int index = i;
            InputPreProcessor preProcessor = network.getLayerWiseConfigurations().getInputPreProcess(index);
            measure(layer, batches, batch -> {
                INDArray before = batch[0];
                if (index > 0) {
                    List<INDArray> activations = network.feedForwardToLayer(index - 1, before, false);
                    before = activations.get(activations.size() - 1);
                }
                return processed(before, preProcessor);
            });
            count++;
        }
        FunctionCheck.clear(network);
        return count;
    }

    /** The same for a graph with one input; see {@link #recalibrate(MultiLayerNetwork, DataSetIterator)}. */
    public static int recalibrate(ComputationGraph network, DataSetIterator data) {
        return recalibrate(network, new MultiDataSetIteratorAdapter(Objects.requireNonNull(data, "data")));
    }

    /** The same for a graph with several inputs; see {@link #recalibrate(MultiLayerNetwork, DataSetIterator)}. */
    public static int recalibrate(ComputationGraph network, MultiDataSetIterator data) {
        Objects.requireNonNull(data, "data");
        List<String> inputs = TrainedState.checked(network).getConfiguration().getNetworkInputs();
        int count = 0;
        for (int index : network.topologicalSortOrder()) {
            String name = network.getVertices()[index].getVertexName();
            BatchNormalization layer = batchNorm(network.getLayer(name));
            if (layer == null) {
                continue;
            }
            String source = network.getConfiguration().getVertexInputs().get(name).get(0);
            LayerVertex vertex = (LayerVertex) network.getConfiguration().getVertices().get(name);
            measure(layer, data, batch -> {
                INDArray before = inputs.contains(source)
                        ? batch[inputs.indexOf(source)]
                        : network.feedForward(batch, index, false).get(source);
                return processed(before, vertex.getPreProcessor());
            });
            count++;
        }
        network.clear();
        network.clearLayersStates();
        return count;
    }

    private static INDArray processed(INDArray before, InputPreProcessor preProcessor) {
        return preProcessor == null
                ? before
                : preProcessor.preProcess(before.dup(), (int) before.size(0), LayerWorkspaceMgr.noWorkspaces());
    }

    /** The layer, or what is inside of wrappers; null if it is another one. */
    private static BatchNormalization batchNorm(Layer layer) {
        if (layer instanceof BaseWrapperLayer) {
            return batchNorm(((BaseWrapperLayer) layer).getUnderlying());
        }
        return layer instanceof BatchNormalization ? (BatchNormalization) layer : null;
    }

    private static void measure(
            BatchNormalization layer, MultiDataSetIterator data, Function<INDArray[], INDArray> inputs) {
        if (!data.resetSupported()) {
            throw new IllegalArgumentException("data cannot be reset, which takes a pass for each layer: " + data);
        }
        ChannelMoments moments = new ChannelMoments(layer.layerConf().getCnn2DFormat());
        data.reset();
        while (data.hasNext()) {
            MultiDataSet batch = data.next();
            if (batch.getFeaturesMaskArrays() != null
                    && Arrays.stream(batch.getFeaturesMaskArrays()).anyMatch(Objects::nonNull)) {
                throw new IllegalArgumentException("data have masks, statistics of which are not supported");
            }
            moments.add(inputs.apply(batch.getFeatures()));
        }
        data.reset();
        if (moments.isEmpty()) {
            throw new IllegalArgumentException("data are empty, there is nothing to measure");
        }
        layer.getParam(BatchNormalizationParamInitializer.GLOBAL_MEAN).assign(moments.mean());
        if (layer.layerConf().isUseLogStd()) {
            layer.getParam(BatchNormalizationParamInitializer.GLOBAL_LOG_STD).assign(moments.logarithmOfDeviation());
        } else {
            layer.getParam(BatchNormalizationParamInitializer.GLOBAL_VAR).assign(moments.variance());
        }
    }
}
