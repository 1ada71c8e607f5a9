// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.conf.PoolingLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Replaces pooling layers of a network by another pooling with the same windows.
 *
 * <pre>{@code
 * SwapResult<MultiLayerNetwork> result = PoolingSwap.to(Pooling.soft())
 *         .where(site -> site.name().startsWith("pool"))
 *         .apply(network);
 * System.out.print(result.report());
 * result.network().fit(data);
 * }</pre>
 *
 * <p>Found are DL4J's {@code SubsamplingLayer}, {@code Subsampling1DLayer} and {@code Subsampling3DLayer} and the
 * window poolings of this library, also inside frozen layers and other wrappers. A new layer takes over name, kernel,
 * stride, padding, dilation, convolution mode, ceil mode, data format and dropout. Kept, and listed in the report with
 * the reason, are {@code GlobalPoolingLayer}s and layers whose settings this library refuses, such as mode Causal or
 * windows that lie in the padding only.
 *
 * <p>What is given is never modified, and shares no array with the result. Of a network the result has
 * <ul>
 *   <li>all parameters that agree in name and shape, so those of all layers that are not swapped;</li>
 *   <li>the state of the updater, where the swap neither adds nor removes parameters; else it starts afresh;</li>
 *   <li>the counts of iterations and epochs;</li>
 *   <li>not: listeners, the state of recurrent layers between time steps, layer helpers (call
 *       {@link io.github.dl4jpooling.layers.OneDnn OneDnn.enable} again).</li>
 * </ul>
 * A network that is not initialized stays so: only its configuration is swapped. As every {@code init()} of DL4J, the
 * swap of an initialized network sets ND4J's random generator to the seed of the configuration.
 *
 * <p>A trained network computes something else after a swap and has to be trained again. Layers that must not change,
 * because they are of another kind, are left out by their {@linkplain PoolingSite#pooling() pooling}:
 * {@code where(site -> site.pooling().equals("max"))}. Instances are immutable.
 */
public final class PoolingSwap {
    private final Pooling pooling;
    private final Predicate<PoolingSite> condition;

    private PoolingSwap(Pooling pooling, Predicate<PoolingSite> condition) {
        this.pooling = pooling;
        this.condition = condition;
    }

    /**
     * A swap of every pooling layer.
     *
     * @param pooling what the layers are to be
     * @return the swap
     */
    public static PoolingSwap to(Pooling pooling) {
        return new PoolingSwap(Objects.requireNonNull(pooling, "pooling"), site -> true);
    }

    /**
     * Restricts the swap; further conditions add up.
     *
     * @param condition says for each layer that can be swapped whether it is; always sees a window
     * @return a new swap
     */
    public PoolingSwap where(Predicate<? super PoolingSite> condition) {
        return new PoolingSwap(pooling, this.condition.and(condition::test));
    }

    /**
     * Swaps in a network.
     *
     * @param network the network; not modified
     * @return a new network, initialized if {@code network} is
     * @throws IllegalArgumentException if no layer is swapped, in which case the message lists the pooling layers there
     *     are, or if there is no such layer for a window, see {@link Pooling#layer}
     */
    public SwapResult<MultiLayerNetwork> apply(MultiLayerNetwork network) {
        SwapResult<MultiLayerConfiguration> swapped = apply(network.getLayerWiseConfigurations());
        MultiLayerNetwork result = new MultiLayerNetwork(swapped.network());
        if (network.isInitCalled()) {
            result.init();
            TrainedState.copy(network, result);
        }
        return new SwapResult<>(result, swapped.report());
    }

    /** The same for a graph; see {@link #apply(MultiLayerNetwork)}. */
    public SwapResult<ComputationGraph> apply(ComputationGraph network) {
        SwapResult<ComputationGraphConfiguration> swapped = apply(network.getConfiguration());
        ComputationGraph result = new ComputationGraph(swapped.network());
        if (network.getLayers() != null) { // set by init()
            result.init();
            TrainedState.copy(network, result);
        }
        return new SwapResult<>(result, swapped.report());
    }

    /** The same for the configuration of a network; see {@link #apply(MultiLayerNetwork)}. */
    public SwapResult<MultiLayerConfiguration> apply(MultiLayerConfiguration configuration) {
        MultiLayerConfiguration copy = configuration.clone();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < copy.getConfs().size(); i++) {
            String name = copy.getConf(i).getLayer().getLayerName();
            names.add(name == null ? "layer" + i : name);
        }
        return new SwapResult<>(copy, replace(names, copy.getConfs()));
    }

    /** The same for the configuration of a graph; see {@link #apply(MultiLayerNetwork)}. */
    public SwapResult<ComputationGraphConfiguration> apply(ComputationGraphConfiguration configuration) {
        ComputationGraphConfiguration copy = configuration.clone();
        // clone() leaves these out. A stored order decides over the order of the parameters.
        copy.setIterationCount(configuration.getIterationCount());
        copy.setEpochCount(configuration.getEpochCount());
        if (configuration.getTopologicalOrder() != null && configuration.getTopologicalOrderStr() != null) {
            copy.setTopologicalOrder(configuration.getTopologicalOrder().clone());
            copy.setTopologicalOrderStr(new ArrayList<>(configuration.getTopologicalOrderStr()));
        }
        List<String> names = new ArrayList<>();
        List<NeuralNetConfiguration> layers = new ArrayList<>();
        for (Map.Entry<String, GraphVertex> vertex : copy.getVertices().entrySet()) {
            if (vertex.getValue() instanceof LayerVertex) {
                names.add(vertex.getKey());
                layers.add(((LayerVertex) vertex.getValue()).getLayerConf());
            }
        }
        return new SwapResult<>(copy, replace(names, layers));
    }

    /** Swaps in configurations that belong to the copy. */
    private SwapReport replace(List<String> names, List<NeuralNetConfiguration> layers) {
        List<SwapReport.Entry> entries = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            NeuralNetConfiguration layer = layers.get(i);
            PoolingSite.of(i, names.get(i), layer.getLayer())
                    .ifPresent(site -> entries.add(replace(site, layer, layers)));
        }
        SwapReport report = new SwapReport(entries);
        if (report.swapped().isEmpty()) {
            String sites = entries.stream()
                    .map(entry -> entry.site().toString())
                    .collect(Collectors.joining(", "));
            throw new IllegalArgumentException("no layer to swap to " + pooling + " pooling; "
                    + (sites.isEmpty() ? "the network has no pooling layer" : "the pooling layers are " + sites));
        }
        return report;
    }

    private SwapReport.Entry replace(
            PoolingSite site, NeuralNetConfiguration configuration, List<NeuralNetConfiguration> layers) {
        if (!site.obstacle().isEmpty()) {
            return SwapReport.Entry.kept(site, site.obstacle());
        }
        if (!condition.test(site)) {
            return SwapReport.Entry.kept(site, "not selected");
        }
        Layer old = site.layer();
        Layer replacement = pooling.layer(site.window(), site.name());
        // An unnamed layer stays unnamed, so that DL4J names both the same.
        replacement.setLayerName(old.getLayerName());
        replacement.setIDropout(old.getIDropout() == null ? null : old.getIDropout().clone());
        layers.stream()
                .map(conf -> Wrappers.innermost(conf.getLayer()))
                .filter(layer -> layer instanceof BaseLayer && !(layer instanceof PoolingLayer))
                .findFirst()
                .ifPresent(layer -> copySettings((BaseLayer) layer, replacement));
        long before = parameters(configuration);
        configuration.setLayer(Wrappers.replaceInnermost(configuration.getLayer(), replacement));
        return SwapReport.Entry.swapped(site, pooling, parameters(configuration) - before);
    }

    /** What DL4J gives every layer from the network's configuration when that is built. */
    private static void copySettings(BaseLayer from, Layer to) {
        if (!(to instanceof PoolingLayer)) {
            return;
        }
        PoolingLayer layer = (PoolingLayer) to;
        layer.setWeightInitFn(from.getWeightInitFn());
        layer.setBiasInit(from.getBiasInit());
        layer.setGainInit(from.getGainInit());
        layer.setRegularization(new ArrayList<>(from.getRegularization()));
        layer.setRegularizationBias(new ArrayList<>(from.getRegularizationBias()));
        layer.setIUpdater(from.getIUpdater() == null ? null : from.getIUpdater().clone());
        layer.setBiasUpdater(from.getBiasUpdater() == null ? null : from.getBiasUpdater().clone());
        layer.setWeightNoise(from.getWeightNoise());
        layer.setGradientNormalization(from.getGradientNormalization());
        layer.setGradientNormalizationThreshold(from.getGradientNormalizationThreshold());
    }

    private static long parameters(NeuralNetConfiguration configuration) {
        return configuration.getLayer().initializer().numParams(configuration);
    }
}
