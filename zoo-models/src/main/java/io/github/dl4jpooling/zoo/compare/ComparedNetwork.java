// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.layers.OneDnn;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import io.github.dl4jpooling.zoo.swap.Pooling;
import io.github.dl4jpooling.zoo.swap.PoolingSite;
import io.github.dl4jpooling.zoo.swap.PoolingSwap;
import io.github.dl4jpooling.zoo.swap.QuantizedReport;
import io.github.dl4jpooling.zoo.swap.QuantizedResult;
import io.github.dl4jpooling.zoo.swap.QuantizedSwap;
import io.github.dl4jpooling.zoo.swap.SwapReport;
import io.github.dl4jpooling.zoo.text.WholeFile;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** A network of a comparison: DL4J's two kinds have no common methods for what is done with them here. */
final class ComparedNetwork {
    private final MultiLayerNetwork layers;
    private final ComputationGraph graph;

    private ComparedNetwork(Model network) {
        layers = network instanceof MultiLayerNetwork ? (MultiLayerNetwork) network : null;
        graph = network instanceof ComputationGraph ? (ComputationGraph) network : null;
    }

    /**
     * The job's network before training. All poolings of one seed start with the same weights.
     *
     * @throws IllegalArgumentException if the model does not fit the images, or cannot have this pooling
     */
    static ComparedNetwork create(ComparedModel model, LabelledImages images, TrainingJob job) {
        ComparedNetwork plain = new ComparedNetwork(model.network(images, job.seed()));
        PoolingSwap swap = swap(model, images, job.pooling());
        return new ComparedNetwork(plain.graph == null
                ? swap.apply(plain.layers).network()
                : swap.apply(plain.graph).network());
    }

    /**
     * The places that are another layer in each network of a comparison.
     *
     * @param poolings each is tried
     * @throws IllegalArgumentException if the model does not fit the images, or cannot have one of the poolings
     */
    static List<PoolingSite> pooledSites(ComparedModel model, LabelledImages images, List<String> poolings) {
        ComparedNetwork plain = new ComparedNetwork(model.network(images, 0));
        // Some configurations are taken although a layer's window is larger than its map.
        model.orDoesNotFit(images, () -> plain.output(images.batch(0).getFeatures()));
        List<PoolingSite> sites = List.of();
        for (String pooling : poolings) {
            PoolingSwap swap = swap(model, images, pooling);
            SwapReport report = plain.graph == null
                    ? swap.apply(plain.layers.getLayerWiseConfigurations()).report()
                    : swap.apply(plain.graph.getConfiguration()).report();
            sites = report.swapped().stream().map(SwapReport.Entry::site).collect(Collectors.toList());
        }
        return sites;
    }

    private static PoolingSwap swap(ComparedModel model, LabelledImages images, String pooling) {
        PoolingSwap swap = PoolingSwap.to(Pooling.named(pooling))
                .inputTypes(InputType.convolutional(images.height(), images.width(), images.channels()));
        return model.poolsByStride() ? swap.withStridedConvolutions() : swap;
    }

    /** Which layers run on oneDNN from now on, or why none does. */
    String enableOneDnn() {
        return (graph == null ? OneDnn.enable(layers) : OneDnn.enable(graph)).toString();
    }

    /** One update; its loss is in {@link #score()}. */
    void fit(DataSet batch) {
        if (graph == null) {
            layers.fit(batch);
        } else {
            graph.fit(batch);
        }
    }

    double score() {
        return graph == null ? layers.score() : graph.score();
    }

    void incrementEpochCount() {
        if (graph == null) {
            layers.incrementEpochCount();
        } else {
            graph.incrementEpochCount();
        }
    }

    /** Probabilities of the classes, [images, classes]. */
    INDArray output(INDArray images) {
        return graph == null ? layers.output(images, false) : graph.outputSingle(images);
    }

    INDArray parameters() {
        return graph == null ? layers.params() : graph.params();
    }

    /** What goes into the pooling at each place and what comes out, for one image as a batch. */
    List<FeatureMaps> featureMaps(List<PoolingSite> sites, INDArray image) {
        List<FeatureMaps> maps = new ArrayList<>();
        if (graph == null) {
            // Position 0 is the image, the output of layer i is at i + 1.
            List<INDArray> activations = layers.feedForward(image, false);
            sites.forEach(site -> maps.add(FeatureMaps.of(site.name(), activations.get(site.index()),
                    activations.get(site.index() + 1))));
            return maps;
        }
        Map<String, INDArray> activations = graph.feedForward(image, false);
        for (PoolingSite site : sites) {
            String vertex = site.isStridedConvolution() ? site.name() + "-pool" : site.name();
            String input = graph.getConfiguration().getVertexInputs().get(vertex).get(0);
            maps.add(FeatureMaps.of(vertex, activations.get(input), activations.get(vertex)));
        }
        return maps;
    }

    /** The network with its poolings in 8 bits; the report goes to the consumer. */
    ComparedNetwork quantized(QuantizedSwap swap, DataSetIterator examples, Consumer<QuantizedReport> reports) {
        if (graph == null) {
            QuantizedResult<MultiLayerNetwork> result = swap.apply(layers, examples);
            reports.accept(result.report());
            return new ComparedNetwork(result.network());
        }
        QuantizedResult<ComputationGraph> result = swap.apply(graph, examples);
        reports.accept(result.report());
        return new ComparedNetwork(result.network());
    }

    void save(File file) throws IOException {
        WholeFile.write(file.toPath(), part -> {
            if (graph == null) {
                layers.save(part.toFile(), false);
            } else {
                graph.save(part.toFile(), false);
            }
        });
    }

    /** A network that {@link #save} has written. */
    static ComparedNetwork load(File file, boolean isGraph) throws IOException {
        return new ComparedNetwork(isGraph ? ComputationGraph.load(file, false) : MultiLayerNetwork.load(file, false));
    }

    boolean isGraph() {
        return graph != null;
    }
}
