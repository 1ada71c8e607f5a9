// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Replaces pooling layers of a network by another pooling with the same windows.
 *
 * <pre>{@code
 * SwapResult<MultiLayerNetwork> result = PoolingSwap.to(Pooling.soft())
 *         .matching("pool.*")
 *         .inputTypes(InputType.convolutional(28, 28, 1))
 *         .apply(network);
 * System.out.print(result.report());
 * result.network().fit(data);
 * }</pre>
 *
 * <p>Found are DL4J's {@code SubsamplingLayer}, {@code Subsampling1DLayer} and {@code Subsampling3DLayer} and the
 * window poolings of this library, also inside frozen layers and other wrappers, and on demand convolutions with a
 * stride. A new layer takes over name, kernel, stride, padding, dilation, convolution mode, ceil mode, data format and
 * dropout. Kept, and listed in the report with the reason, are {@code GlobalPoolingLayer}s and layers whose settings
 * this library refuses, such as mode Causal or windows that lie in the padding only.
 *
 * <p>Networks may come from anywhere: built, from a zoo, restored from a file, imported from Keras. DL4J does not keep
 * a network's input types. For parameters by channel the swap reads the channels off the layers before; parameters by
 * place need {@link #inputTypes}.
 *
 * <p>What is given is never modified, and shares no array with the result. Of a network the result has
 * <ul>
 *   <li>all parameters of layers that are not swapped, and of those that are swapped to the pooling they had;</li>
 *   <li>what the updater holds for these parameters, such as Adam's moments; for new ones it starts afresh;</li>
 *   <li>the counts of iterations and epochs;</li>
 *   <li>not: listeners, the state of recurrent layers between time steps, layer helpers (call
 *       {@link io.github.dl4jpooling.layers.OneDnn OneDnn.enable} again).</li>
 * </ul>
 * A network that is not initialized stays so: only its configuration is swapped. As every {@code init()} of DL4J, the
 * swap of an initialized network sets ND4J's random generator to the seed of the configuration.
 *
 * <p>A trained network computes something else after most swaps and has to be trained again; the report says so,
 * having run both networks, where {@link #inputTypes} or {@link #checkedOn} were given. Instances are immutable.
 */
public final class PoolingSwap {
    private final Pooling pooling;
    private final Predicate<PoolingSite> condition;
    private final boolean stridedConvolutions;
    private final List<InputType> inputTypes;
    private final List<INDArray> examples;

    private PoolingSwap(
            Pooling pooling, Predicate<PoolingSite> condition, boolean stridedConvolutions,
            List<InputType> inputTypes, List<INDArray> examples) {
        this.pooling = pooling;
        this.condition = condition;
        this.stridedConvolutions = stridedConvolutions;
        this.inputTypes = inputTypes;
        this.examples = examples;
    }

    /**
     * A swap of every pooling layer.
     *
     * @param pooling what the layers are to be
     * @return the swap
     */
    public static PoolingSwap to(Pooling pooling) {
        return new PoolingSwap(
                Objects.requireNonNull(pooling, "pooling"), site -> true, false, List.of(), List.of());
    }

    /**
     * Restricts the swap; further conditions add up.
     *
     * @param newCondition says for each layer that can be swapped whether it is; always sees a window
     * @return a new swap
     */
    public PoolingSwap where(Predicate<? super PoolingSite> newCondition) {
        return new PoolingSwap(
                pooling, condition.and(Objects.requireNonNull(newCondition, "condition")::test), stridedConvolutions,
                inputTypes, examples);
    }

    /**
     * Restricts the swap to layers by their name.
     *
     * @param names names of layers or vertices
     * @return a new swap
     */
    public PoolingSwap named(String... names) {
        Set<String> wanted = new HashSet<>(all("names", names));
        return where(site -> wanted.contains(site.name()));
    }

    /**
     * Restricts the swap to layers by a pattern of their name.
     *
     * @param regularExpression what the whole name has to match, for instance {@code "block[23]_pool"}
     * @return a new swap
     * @throws java.util.regex.PatternSyntaxException if this is no regular expression
     */
    public PoolingSwap matching(String regularExpression) {
        Pattern pattern = Pattern.compile(Objects.requireNonNull(regularExpression, "regularExpression"));
        return where(site -> pattern.matcher(site.name()).matches());
    }

    /**
     * Restricts the swap to layers by what they compute.
     *
     * @param poolings as {@link PoolingSite#pooling()} has it, for instance {@code "max"}
     * @return a new swap
     */
    public PoolingSwap ofPooling(String... poolings) {
        Set<String> wanted = new HashSet<>(all("poolings", poolings));
        return where(site -> wanted.contains(site.pooling()));
    }

    /**
     * Restricts the swap to layers by the class of their configuration.
     *
     * @param type class of which a layer has to be an instance, for instance {@code SubsamplingLayer.class}
     * @return a new swap
     */
    public PoolingSwap ofType(Class<? extends Layer> type) {
        Objects.requireNonNull(type, "type");
        return where(site -> type.isAssignableFrom(site.layerType()));
    }

    /**
     * Swaps the strides of convolutions, too: a convolution of images (plain, depthwise or separable) with a stride
     * becomes one without, followed by pooling with windows as wide as the stride and side by side. The size of the
     * result stays, the weights stay; the convolution costs as many times more as its stride leaves out.
     *
     * <p>These sites have the pooling "strided convolution"; conditions apply to them as well.
     *
     * @return a new swap
     */
    public PoolingSwap withStridedConvolutions() {
        return new PoolingSwap(pooling, condition, true, inputTypes, examples);
    }

    /**
     * Says what the network gets, so that parameters by place have their sizes, and the report compares old and new
     * network on random numbers from 0 to 1. Where these would be no sensible input, such as boxes, give examples, too.
     *
     * @param types a type for each input of the network
     * @return a new swap
     */
    public PoolingSwap inputTypes(InputType... types) {
        return new PoolingSwap(pooling, condition, stridedConvolutions, all("types", types), examples);
    }

    /**
     * Lets the report compare old and new network on these examples, rather than on random numbers.
     *
     * @param newExamples an array for each input of the network. Not modified.
     * @return a new swap
     */
    public PoolingSwap checkedOn(INDArray... newExamples) {
        return new PoolingSwap(pooling, condition, stridedConvolutions, inputTypes, all("examples", newExamples));
    }

    /**
     * Swaps in a network.
     *
     * @param network the network; not modified
     * @return a new network, initialized if {@code network} is
     * @throws IllegalArgumentException if no layer is swapped, in which case the message lists the pooling layers there
     *     are; if there is no such layer for a window, see {@link Pooling#layer}; if sizes of parameters do not follow;
     *     if number of input types or examples is not that of the network's inputs
     */
    public SwapResult<MultiLayerNetwork> apply(MultiLayerNetwork network) {
        EditedLayers edited =
                new EditedLayers(Objects.requireNonNull(network, "network").getLayerWiseConfigurations(), types());
        SwapReport report = swap(edited);
        MultiLayerNetwork result = new MultiLayerNetwork(edited.configuration());
        if (network.isInitCalled()) {
            result.init();
            Set<Integer> fresh =
                    freshSites(report).map(site -> site.index()).collect(Collectors.toSet());
            List<Integer> sources = new ArrayList<>(edited.origins());
            sources.replaceAll(origin -> fresh.contains(origin) ? -1 : origin);
            TrainedState.copy(network, result, sources);
            INDArray[] inputs = examples(network.getLayerWiseConfigurations().getDataType());
            if (inputs.length != 0) {
                report = FunctionCheck.check(report, network, result, edited.origins(), inputs);
            }
        }
        return new SwapResult<>(result, report);
    }

    /** The same for a graph; see {@link #apply(MultiLayerNetwork)}. */
    public SwapResult<ComputationGraph> apply(ComputationGraph network) {
        EditedGraph edited = new EditedGraph(Objects.requireNonNull(network, "network").getConfiguration(), types());
        SwapReport report = swap(edited);
        ComputationGraph result = new ComputationGraph(edited.configuration());
        if (network.getLayers() != null) { // set by init()
            result.init();
            TrainedState.copy(
                    network, result, freshSites(report).map(PoolingSite::name).collect(Collectors.toSet()));
            INDArray[] inputs = examples(network.getConfiguration().getDataType());
            if (inputs.length != 0) {
                report = FunctionCheck.check(report, network, result, inputs);
            }
        }
        return new SwapResult<>(result, report);
    }

    /** The same for the configuration of a network; see {@link #apply(MultiLayerNetwork)}. */
    public SwapResult<MultiLayerConfiguration> apply(MultiLayerConfiguration configuration) {
        EditedLayers edited = new EditedLayers(Objects.requireNonNull(configuration, "configuration"), types());
        SwapReport report = swap(edited);
        return new SwapResult<>(edited.configuration(), report);
    }

    /** The same for the configuration of a graph; see {@link #apply(MultiLayerNetwork)}. */
    public SwapResult<ComputationGraphConfiguration> apply(ComputationGraphConfiguration configuration) {
        EditedGraph edited = new EditedGraph(Objects.requireNonNull(configuration, "configuration"), types());
        SwapReport report = swap(edited);
        return new SwapResult<>(edited.configuration(), report);
    }

    private SwapReport swap(EditedNetwork edited) {
        return new LayerSwap(pooling, condition, stridedConvolutions, edited).apply();
    }

    private static <T> List<T> all(String name, T[] values) {
        Objects.requireNonNull(values, name);
        Arrays.stream(values).forEach(value -> Objects.requireNonNull(value, name));
        return List.of(values);
    }

    private InputType[] types() {
        return inputTypes.toArray(new InputType[0]);
    }

    private INDArray[] examples(DataType type) {
        return examples.isEmpty()
                ? FunctionCheck.examples(type, types())
                : examples.stream().map(x -> x.castTo(type)).toArray(INDArray[]::new);
    }

    /** Sites whose layer computes something else than before; their parameters have nothing to take over. */
    private static Stream<PoolingSite> freshSites(SwapReport report) {
        return report.swapped().stream()
                .filter(entry -> !entry.site().isStridedConvolution() && !entry.before().equals(entry.after()))
                .map(SwapReport.Entry::site);
    }
}
