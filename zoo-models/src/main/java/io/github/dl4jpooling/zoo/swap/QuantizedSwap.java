// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.conf.FakeQuantizeLayer;
import io.github.dl4jpooling.layers.quantization.Calibration;
import io.github.dl4jpooling.layers.quantization.RangeObserver;
import io.github.dl4jpooling.ops.Quantization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Turns the poolings of a trained network into their 8-bit forms, with scales and zero points from examples.
 *
 * <pre>{@code
 * QuantizedResult<MultiLayerNetwork> result = QuantizedSwap.to(DataType.UINT8)
 *         .calibration(Calibration.PERCENTILE)
 *         .apply(network, examples);
 * System.out.print(result.report());
 * }</pre>
 *
 * <p>A site's range is that of what reaches it over all examples; input and output share it, since no maximum, mean or
 * weighted mean leaves the range of its elements. Behind a {@link FakeQuantizeLayer} it is what that layer has learnt
 * in training; the layer stays. Poolings without an 8-bit form stay and are listed with the reason.
 * Swapped are DL4J's maximum and average poolings, also global ones, and this library's maximum, average, soft and
 * adaptive poolings and RoIAlign vertices. The new network has the old one's parameters and is for inference: 8-bit
 * poolings have no gradient. What is given is never modified. Instances are immutable.
 */
public final class QuantizedSwap {

    private final DataType type;
    private final Calibration calibration;
    private final double momentum;
    private final double percentile;
    private final boolean perChannel;

    private QuantizedSwap(DataType type, Calibration calibration, double momentum, double percentile,
            boolean perChannel) {
        this.type = type;
        this.calibration = calibration;
        this.momentum = momentum;
        this.percentile = percentile;
        this.perChannel = perChannel;
        new RangeObserver(calibration, momentum, percentile); // checks them
        if (type != DataType.INT8 && type != DataType.UINT8) {
            throw new IllegalArgumentException("type must be INT8 or UINT8, got " + type);
        }
    }

    /**
     * A swap to 8 bits, calibrated by the least and the largest number, one range for all channels.
     *
     * @param type INT8 or UINT8; behind a rectifier both hold as many steps
     * @return the swap
     */
    public static QuantizedSwap to(DataType type) {
        return new QuantizedSwap(type, Calibration.MIN_MAX, RangeObserver.DEFAULT_MOMENTUM,
                RangeObserver.DEFAULT_PERCENTILE, false);
    }

    /**
     * @param newCalibration how ranges follow from the examples
     * @return a new swap
     */
    public QuantizedSwap calibration(Calibration newCalibration) {
        return new QuantizedSwap(type, newCalibration, momentum, percentile, perChannel);
    }

    /**
     * @param newMomentum share of a new batch in a moving average, above 0, up to 1
     * @return a new swap
     */
    public QuantizedSwap momentum(double newMomentum) {
        return new QuantizedSwap(type, calibration, newMomentum, percentile, perChannel);
    }

    /**
     * @param newPercentile share of the numbers, in percent, within each end of the range; from 50 to 100
     * @return a new swap
     */
    public QuantizedSwap percentile(double newPercentile) {
        return new QuantizedSwap(type, calibration, momentum, newPercentile, perChannel);
    }

    /**
     * @param newPerChannel whether each channel has a scale and zero point of its own
     * @return a new swap
     */
    public QuantizedSwap perChannel(boolean newPerChannel) {
        return new QuantizedSwap(type, calibration, momentum, percentile, newPerChannel);
    }

    /**
     * Swaps in a network.
     *
     * @param network the network, initialized; not modified
     * @param examples inputs as the network gets them; reset before each of the two passes. Labels are not used.
     * @return a new network and what the swap costs at each place
     * @throws IllegalArgumentException if no pooling has an 8-bit form, or there are no examples
     */
    public QuantizedResult<MultiLayerNetwork> apply(MultiLayerNetwork network, DataSetIterator examples) {
        EditedLayers edited = new EditedLayers(TrainedState.checked(network).getLayerWiseConfigurations());
        Sites sites = new Sites(all(edited),
                new MultiDataSetIteratorAdapter(Objects.requireNonNull(examples, "examples")), batch -> {
                    List<INDArray> all = network.feedForward(batch[0], false);
                    return site -> {
                        int index = ((QuantizedLayerSite) site).index();
                        InputPreProcessor before = network.getLayerWiseConfigurations().getInputPreProcess(index);
                        return new Pass(all.get(index + 1), processed(all.get(index), before));
                    };
                });
        sites.calibrate(site -> {
            int index = ((QuantizedLayerSite) site).index();
            return index == 0 ? null : learnt(network.getLayer(index - 1));
        });
        sites.swapped.forEach(site -> site.replaceIn(edited));
        MultiLayerNetwork result = new MultiLayerNetwork(edited.configuration());
        result.init();
        List<Integer> origins = IntStream.range(0, edited.layers().size()).boxed().collect(Collectors.toList());
        TrainedState.copy(network, result, origins);
        QuantizedReport report = sites.measure(
                (site, inputs) -> activated(result.getLayer(((QuantizedLayerSite) site).index()), inputs[0]));
        FunctionCheck.clear(network);
        FunctionCheck.clear(result);
        return new QuantizedResult<>(result, report);
    }

    /** The same for a graph with one input; see {@link #apply(MultiLayerNetwork, DataSetIterator)}. */
    public QuantizedResult<ComputationGraph> apply(ComputationGraph network, DataSetIterator examples) {
        return apply(network, new MultiDataSetIteratorAdapter(Objects.requireNonNull(examples, "examples")));
    }

    /** The same for a graph with any number of inputs; see {@link #apply(MultiLayerNetwork, DataSetIterator)}. */
    public QuantizedResult<ComputationGraph> apply(ComputationGraph network, MultiDataSetIterator examples) {
        Objects.requireNonNull(examples, "examples");
        ComputationGraphConfiguration configuration = TrainedState.checked(network).getConfiguration();
        EditedGraph edited = new EditedGraph(configuration);
        List<QuantizedSite> all = all(edited);
        configuration.getVertices().forEach(
                (name, vertex) -> QuantizedRegionSite.of(name, vertex).ifPresent(all::add));
        Sites sites = new Sites(all, examples, batch -> {
            Map<String, INDArray> activations = new HashMap<>(network.feedForward(batch, false));
            for (int i = 0; i < batch.length; i++) {
                activations.putIfAbsent(configuration.getNetworkInputs().get(i), batch[i]);
            }
            return site -> {
                GraphVertex vertex = configuration.getVertices().get(site.name());
                InputPreProcessor before =
                        vertex instanceof LayerVertex ? ((LayerVertex) vertex).getPreProcessor() : null;
                INDArray[] inputs = configuration.getVertexInputs().get(site.name()).stream()
                        .map(activations::get).toArray(INDArray[]::new);
                inputs[0] = processed(inputs[0], before);
                return new Pass(activations.get(site.name()), inputs);
            };
        });
        sites.calibrate(site -> learnt(network.getLayer(configuration.getVertexInputs().get(site.name()).get(0))));
        sites.swapped.forEach(site -> site.replaceIn(edited));
        ComputationGraph result = new ComputationGraph(edited.configuration());
        result.init();
        TrainedState.copy(network, result, Set.of());
        QuantizedReport report = sites.measure((site, inputs) -> {
            org.deeplearning4j.nn.graph.vertex.GraphVertex vertex = result.getVertex(site.name());
            if (vertex.hasLayer()) {
                return activated(vertex.getLayer(), inputs[0]);
            }
            vertex.setInputs(inputs);
            INDArray output = vertex.doForward(false, LayerWorkspaceMgr.noWorkspaces());
            vertex.clear();
            return output;
        });
        network.clear();
        result.clear();
        return new QuantizedResult<>(result, report);
    }

    private static List<QuantizedSite> all(EditedNetwork edited) {
        List<QuantizedSite> sites = new ArrayList<>();
        for (int i = 0; i < edited.layers().size(); i++) {
            QuantizedLayerSite.of(i, edited.names().get(i), edited.layers().get(i).getLayer()).ifPresent(sites::add);
        }
        return sites;
    }

    private static INDArray processed(INDArray before, InputPreProcessor preProcessor) {
        return preProcessor == null
                ? before
                : preProcessor.preProcess(before.dup(), (int) before.size(0), LayerWorkspaceMgr.noWorkspaces());
    }

    private static INDArray activated(Layer layer, INDArray input) {
        layer.setInput(input, LayerWorkspaceMgr.noWorkspaces());
        INDArray output = layer.activate(false, LayerWorkspaceMgr.noWorkspaces());
        layer.clear();
        return output;
    }

    /** What fake quantisation in front of a pooling has learnt; null where there is none. */
    private static Quantization learnt(Layer layer) {
        if (layer == null || !(layer.conf().getLayer() instanceof FakeQuantizeLayer)) {
            return null;
        }
        INDArray range = layer.getParam(FakeQuantizeLayer.RANGE);
        return RangeObserver.hasSeen(range)
                ? ((FakeQuantizeLayer) layer.conf().getLayer()).quantization(range)
                : null;
    }

    /** What a pooling got and gave in the float network. */
    private static final class Pass {
        private final INDArray output;
        private final INDArray[] inputs;

        Pass(INDArray output, INDArray... inputs) {
            this.output = output;
            this.inputs = inputs;
        }
    }

    /** The poolings of a network, and how they run on examples. */
    private final class Sites {
        private final List<QuantizedSite> all;
        private final List<QuantizedSite> swapped;
        private final MultiDataSetIterator examples;
        private final Function<INDArray[], Function<QuantizedSite, Pass>> passes;

        /** @param passes from the network's inputs to the pass of each site */
        Sites(List<QuantizedSite> all, MultiDataSetIterator examples,
                Function<INDArray[], Function<QuantizedSite, Pass>> passes) {
            this.all = all;
            this.examples = examples;
            this.passes = passes;
            swapped = all.stream().filter(site -> site.obstacle().isEmpty()).collect(Collectors.toList());
            if (swapped.isEmpty()) {
                throw new IllegalArgumentException("no pooling of the network has an 8-bit form; its poolings are "
                        + all.stream().map(site -> site.name() + " (" + site.pooling() + ")")
                                .collect(Collectors.joining(", ", "[", "]")));
            }
        }

        private boolean forEach(BiConsumer<QuantizedSite, Pass> action) {
            boolean any = false;
            for (examples.reset(); examples.hasNext(); any = true) {
                Function<QuantizedSite, Pass> batch = passes.apply(examples.next().getFeatures());
                swapped.forEach(site -> action.accept(site, batch.apply(site)));
            }
            examples.reset();
            return any;
        }

        void calibrate(Function<QuantizedSite, Quantization> learnt) {
            RangeObserver observer = new RangeObserver(calibration, momentum, percentile);
            if (!forEach((site, pass) -> site.observe(observer, perChannel, pass.inputs[0]))) {
                throw new IllegalArgumentException("there are no examples to calibrate with");
            }
            swapped.forEach(site -> site.calibrate(observer, type, learnt.apply(site)));
        }

        /** @param pooled result of a site's 8-bit form for the same inputs */
        QuantizedReport measure(BiFunction<QuantizedSite, INDArray[], INDArray> pooled) {
            Map<QuantizedSite, QuantizationError> errors = new LinkedHashMap<>();
            swapped.forEach(site -> errors.put(site, new QuantizationError(site.quantization())));
            forEach((site, pass) -> errors.get(site).add(
                    pass.output, pooled.apply(site, pass.inputs), site.channelsLast()));
            return new QuantizedReport(
                    swapped.stream().map(site -> new QuantizedReport.Entry(site, errors.get(site)))
                            .collect(Collectors.toList()),
                    all.stream().filter(site -> !site.obstacle().isEmpty())
                            .map(site -> site.name() + " (" + site.pooling() + "): " + site.obstacle())
                            .collect(Collectors.toList()));
        }
    }
}
