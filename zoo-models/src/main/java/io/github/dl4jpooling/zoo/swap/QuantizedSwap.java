// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.conf.FakeQuantizeLayer;
import io.github.dl4jpooling.layers.conf.QuantizedPooling;
import io.github.dl4jpooling.layers.quantization.Calibration;
import io.github.dl4jpooling.layers.quantization.RangeObserver;
import io.github.dl4jpooling.ops.Quantization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

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
 * adaptive poolings. The new network has the old one's parameters and is for inference: 8-bit poolings have no
 * gradient. What is given is never modified. Instances are immutable.
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
        EditedLayers edited = new EditedLayers(network.getLayerWiseConfigurations());
        List<QuantizedSite> sites = sites(edited);
        Function<INDArray, Map<Integer, INDArray[]>> activations = batch -> {
            List<INDArray> all = network.feedForward(batch, false);
            Map<Integer, INDArray[]> passes = new HashMap<>();
            for (QuantizedSite site : sites) {
                InputPreProcessor before = network.getLayerWiseConfigurations().getInputPreProcess(site.index());
                passes.put(site.index(),
                        new INDArray[] {processed(all.get(site.index()), before), all.get(site.index() + 1)});
            }
            return passes;
        };
        calibrate(sites, examples, activations, site -> site.index() == 0
                ? null
                : learnt(network.getLayer(site.index() - 1)));
        sites.forEach(site -> replace(site, edited));
        MultiLayerNetwork result = new MultiLayerNetwork(edited.configuration());
        result.init();
        List<Integer> origins = IntStream.range(0, edited.layers().size()).boxed().collect(Collectors.toList());
        TrainedState.copy(network, result, origins);
        QuantizedReport report = measure(sites, edited, examples, activations, result::getLayer);
        FunctionCheck.clear(network);
        FunctionCheck.clear(result);
        return new QuantizedResult<>(result, report);
    }

    /** The same for a graph with one input; see {@link #apply(MultiLayerNetwork, DataSetIterator)}. */
    public QuantizedResult<ComputationGraph> apply(ComputationGraph network, DataSetIterator examples) {
        EditedGraph edited = new EditedGraph(network.getConfiguration());
        List<QuantizedSite> sites = sites(edited);
        String input = network.getConfiguration().getNetworkInputs().get(0);
        Function<INDArray, Map<Integer, INDArray[]>> activations = batch -> {
            Map<String, INDArray> all = new HashMap<>(network.feedForward(batch, false));
            all.putIfAbsent(input, batch);
            Map<Integer, INDArray[]> passes = new HashMap<>();
            for (QuantizedSite site : sites) {
                String source = network.getConfiguration().getVertexInputs().get(site.name()).get(0);
                LayerVertex vertex = (LayerVertex) network.getConfiguration().getVertices().get(site.name());
                passes.put(site.index(), new INDArray[] {processed(all.get(source), vertex.getPreProcessor()),
                    all.get(site.name())});
            }
            return passes;
        };
        calibrate(sites, examples, activations, site -> learnt(network.getLayer(
                network.getConfiguration().getVertexInputs().get(site.name()).get(0))));
        sites.forEach(site -> replace(site, edited));
        ComputationGraph result = new ComputationGraph(edited.configuration());
        result.init();
        TrainedState.copy(network, result, Set.of());
        QuantizedReport report = measure(
                sites, edited, examples, activations, index -> result.getLayer(edited.names().get(index)));
        network.clear();
        result.clear();
        return new QuantizedResult<>(result, report);
    }

    private static List<QuantizedSite> all(EditedNetwork edited) {
        List<QuantizedSite> sites = new ArrayList<>();
        for (int i = 0; i < edited.layers().size(); i++) {
            QuantizedSite.of(i, edited.names().get(i), edited.layers().get(i).getLayer()).ifPresent(sites::add);
        }
        return sites;
    }

    private static List<QuantizedSite> sites(EditedNetwork edited) {
        List<QuantizedSite> sites =
                all(edited).stream().filter(site -> site.obstacle().isEmpty()).collect(Collectors.toList());
        if (sites.isEmpty()) {
            throw new IllegalArgumentException("no pooling of the network has an 8-bit form; its poolings are "
                    + all(edited).stream().map(site -> site.name() + " (" + site.pooling() + ")")
                            .collect(Collectors.joining(", ", "[", "]")));
        }
        return sites;
    }

    private static INDArray processed(INDArray before, InputPreProcessor preProcessor) {
        return preProcessor == null
                ? before
                : preProcessor.preProcess(before.dup(), (int) before.size(0), LayerWorkspaceMgr.noWorkspaces());
    }

    private void calibrate(List<QuantizedSite> sites, DataSetIterator examples,
            Function<INDArray, Map<Integer, INDArray[]>> activations, Function<QuantizedSite, Quantization> learnt) {
        RangeObserver observer = new RangeObserver(calibration, momentum, percentile);
        examples.reset();
        boolean any = false;
        while (examples.hasNext()) {
            any = true;
            Map<Integer, INDArray[]> passes = activations.apply(examples.next().getFeatures());
            sites.forEach(site -> site.observe(observer, perChannel, passes.get(site.index())[0]));
        }
        if (!any) {
            throw new IllegalArgumentException("there are no examples to calibrate with");
        }
        sites.forEach(site -> site.calibrate(observer, type, learnt.apply(site)));
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

    private static void replace(QuantizedSite site, EditedNetwork edited) {
        NeuralNetConfiguration configuration = edited.layers().get(site.index());
        boolean collapsed = site.layer() instanceof GlobalPoolingLayer
                && ((GlobalPoolingLayer) site.layer()).isCollapseDimensions();
        QuantizedPooling layer = new QuantizedPooling.Builder(site.floatLayer())
                .quantization(site.quantization()).collapsed(collapsed).build();
        layer.setLayerName(site.layer().getLayerName());
        configuration.clearVariables();
        configuration.setLayer(Wrappers.replaceInnermost(configuration.getLayer(), layer));
    }

    private static QuantizedReport measure(List<QuantizedSite> sites, EditedNetwork edited, DataSetIterator examples,
            Function<INDArray, Map<Integer, INDArray[]>> activations, IntFunction<Layer> layers) {
        Map<Integer, QuantizationError> errors = new HashMap<>();
        sites.forEach(site -> errors.put(site.index(), new QuantizationError(site.quantization())));
        examples.reset();
        while (examples.hasNext()) {
            Map<Integer, INDArray[]> passes = activations.apply(examples.next().getFeatures());
            for (QuantizedSite site : sites) {
                INDArray[] pass = passes.get(site.index());
                Layer layer = layers.apply(site.index());
                layer.setInput(pass[0], LayerWorkspaceMgr.noWorkspaces());
                INDArray now = layer.activate(false, LayerWorkspaceMgr.noWorkspaces());
                errors.get(site.index()).add(pass[1], now, site.floatLayer().isChannelsLast());
                layer.clear();
            }
        }
        examples.reset();
        return new QuantizedReport(
                sites.stream().map(site -> new QuantizedReport.Entry(site, errors.get(site.index())))
                        .collect(Collectors.toList()),
                all(edited).stream().filter(site -> !site.obstacle().isEmpty())
                        .map(site -> site.name() + " (" + site.pooling() + "): " + site.obstacle())
                        .collect(Collectors.toList()));
    }
}
