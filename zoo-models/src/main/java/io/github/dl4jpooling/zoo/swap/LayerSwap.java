// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.impl.MapTypes;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Swaps the layers of one configuration. */
final class LayerSwap {
    private final Pooling pooling;
    private final Predicate<PoolingSite> condition;
    private final boolean stridedConvolutions;
    private final EditedNetwork network;
    private final TreeMap<Integer, Layer> inserted = new TreeMap<>();

    LayerSwap(
            Pooling pooling, Predicate<PoolingSite> condition, boolean stridedConvolutions, EditedNetwork network) {
        this.pooling = pooling;
        this.condition = condition;
        this.stridedConvolutions = stridedConvolutions;
        this.network = network;
    }

    SwapReport apply() {
        List<SwapReport.Entry> entries = new ArrayList<>();
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i).getLayer();
            String name = network.names().get(i);
            PoolingSite.of(i, name, layer).map(this::replace).ifPresent(entries::add);
            if (stridedConvolutions) {
                PoolingSite.ofStridedConvolution(i, name, layer).map(this::replace).ifPresent(entries::add);
            }
        }
        for (Map.Entry<Integer, Layer> pool : inserted.descendingMap().entrySet()) {
            network.insertBehind(pool.getKey(), pool.getValue());
        }
        SwapReport report = new SwapReport(pooling.name(), entries);
        if (report.swapped().isEmpty()) {
            String sites = entries.stream()
                    .map(entry -> entry.site().toString())
                    .collect(Collectors.joining(", "));
            throw new IllegalArgumentException("no layer to swap to " + pooling + " pooling; "
                    + (sites.isEmpty() ? "the network has no pooling layer" : "the pooling layers are " + sites));
        }
        return report;
    }

    private SwapReport.Entry replace(PoolingSite site) {
        if (!site.obstacle().isEmpty()) {
            return SwapReport.Entry.kept(site, site.obstacle());
        }
        if (!condition.test(site)) {
            return SwapReport.Entry.kept(site, "not selected");
        }
        NeuralNetConfiguration configuration = network.layers().get(site.index());
        Layer replacement = pooling.layer(site.window(), site.name());
        network.layers().stream()
                .map(conf -> Wrappers.innermost(conf.getLayer()))
                .filter(layer -> layer instanceof BaseLayer && !(layer instanceof PoolingLayer))
                .findFirst()
                .ifPresent(layer -> copySettings((BaseLayer) layer, replacement));
        if (replacement instanceof PoolingLayer) {
            setSizes(site, (PoolingLayer) replacement);
        }
        if (site.isStridedConvolution()) {
            ConvolutionLayer convolution = withoutStride((ConvolutionLayer) site.layer());
            configuration.setLayer(Wrappers.replaceInnermost(configuration.getLayer(), convolution));
            replacement.setLayerName(EditedNetwork.insertedName(site.name()));
            inserted.put(site.index(), replacement);
            long added = replacement.initializer().numParams(replacement);
            return SwapReport.Entry.swapped(site, pooling.name(), added);
        }
        Layer old = site.layer();
        // An unnamed layer stays unnamed, so that DL4J names both the same.
        replacement.setLayerName(old.getLayerName());
        replacement.setIDropout(old.getIDropout() == null ? null : old.getIDropout().clone());
        long before = parameters(configuration);
        configuration.clearVariables();
        configuration.setLayer(Wrappers.replaceInnermost(configuration.getLayer(), replacement));
        return SwapReport.Entry.swapped(site, pooling.name(), parameters(configuration) - before);
    }

    /** Sizes of parameters follow from what surrounds the layer. */
    private void setSizes(PoolingSite site, PoolingLayer layer) {
        if (!(layer.op(false) instanceof WindowedOp)) {
            return;
        }
        WindowedOp op = (WindowedOp) layer.op(false);
        if (!op.hasParametersByPlace() && !op.hasParametersByChannel()) {
            return;
        }
        InputType type = inputType(site);
        if (!isKnown(type, layer, op.hasParametersByPlace())) {
            throw new IllegalArgumentException(pooling.name() + " pooling for layer \"" + site.name()
                    + "\" has parameters for each " + (op.hasParametersByPlace() ? "place" : "channel")
                    + ", and what the layer gets does not follow from the layers before it: set the inputTypes of the"
                    + " swap, got " + type);
        }
        layer.setNIn(type, true);
    }

    private InputType inputType(PoolingSite site) {
        InputType type = network.inputType(site.index(), site.window());
        if (!site.isStridedConvolution()) {
            return type;
        }
        ConvolutionLayer convolution = withoutStride((ConvolutionLayer) site.layer());
        return network.hasInputTypes()
                ? convolution.getOutputType(site.index(), type)
                : Channels.typeOf(convolution.getNOut(), site.window());
    }

    private static ConvolutionLayer withoutStride(ConvolutionLayer convolution) {
        ConvolutionLayer copy = convolution.clone();
        copy.setStride(new int[] {1, 1});
        return copy;
    }

    private static boolean isKnown(InputType type, PoolingLayer layer, boolean alsoSizes) {
        if (type.getType() != MapTypes.type(layer.dimensions())) {
            return false;
        }
        long[] shape = MapTypes.exampleShape(type, layer.isChannelsLast());
        int channelAxis = layer.isChannelsLast() ? shape.length - 1 : 1;
        return shape[channelAxis] > 0 && (!alsoSizes || Arrays.stream(shape).allMatch(size -> size > 0));
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
