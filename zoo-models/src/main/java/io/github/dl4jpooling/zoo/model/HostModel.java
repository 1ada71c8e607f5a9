// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.zoo.data.FileCheck;
import io.github.dl4jpooling.zoo.swap.SwapReport;
import io.github.dl4jpooling.zoo.swap.SwapResult;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deeplearning4j.exception.DL4JException;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;
import org.nd4j.linalg.learning.config.IUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model of DL4J's own zoo, with exchangeable pooling. Made by {@link io.github.dl4jpooling.zoo.PooledZoo}.
 *
 * @param <N> MultiLayerNetwork or ComputationGraph
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class HostModel<N extends Model> extends PooledModel<N> {
    private static final Logger LOG = LoggerFactory.getLogger(HostModel.class);

    private final Function<HostModel<N>, ? extends ZooModel<?>> host;
    private final Function<HostModel<N>, N> network;
    private final IUpdater updater;
    private final PretrainedWeights weights;
    private final boolean retrain;

    private HostModel(Builder<N> builder) {
        super(builder);
        host = builder.host;
        network = builder.network;
        updater = builder.updater();
        weights = new PretrainedWeights(builder.weights, builder.mirror, builder.sha256);
        retrain = builder.retrain;
    }

    @Override
    N plainNetwork() {
        N plain = network.apply(this);
        if (updater != null) {
            layers(plain).stream()
                    .map(NeuralNetConfiguration::getLayer)
                    .filter(BaseLayer.class::isInstance)
                    .forEach(layer -> ((BaseLayer) layer).setIUpdater(updater.clone()));
        }
        return plain;
    }

    private static List<NeuralNetConfiguration> layers(Model network) {
        if (network instanceof MultiLayerNetwork) {
            return ((MultiLayerNetwork) network).getLayerWiseConfigurations().getConfs();
        }
        return ((ComputationGraph) network).getConfiguration().getVertices().values().stream()
                .filter(LayerVertex.class::isInstance)
                .map(vertex -> ((LayerVertex) vertex).getLayerConf())
                .collect(Collectors.toList());
    }

    @Override
    public boolean pretrainedAvailable(PretrainedType type) {
        return host.apply(this).pretrainedAvailable(type);
    }

    /**
     * DL4J's pretrained network with the pooling swapped. Classes, updater, its state and the counts of iterations and
     * epochs are those of the stored network. Where its file lies, and how it is checked: {@link Builder#weights},
     * {@link Builder#mirror}, {@link Builder#weightsSha256}.
     *
     * <p>A swap that changes the function costs a trained network its accuracy until it is trained again, and nothing
     * would show it. So the network is run before and after the swap, on random images of the model's input shape, and
     * the swap is refused unless outputs and layers agree within {@link SwapReport#TOLERANCE} or {@link
     * Builder#retrain} was called.
     *
     * @param type what it was trained on
     * @return a new network
     * @throws IOException if the weights cannot be had, are damaged or of another kind of network; the message names
     *     address or file, sizes and checksums, and what helps
     * @throws FunctionChangedException if the swap changes the function and {@link Builder#retrain} was not called
     * @throws IllegalArgumentException if the stored network does not take images of the model's input shape
     * @throws UnsupportedOperationException if DL4J has no such weights and no file was named
     */
    @Override
    public <M extends Model> M initPretrained(PretrainedType type) throws IOException {
        N stored = (N) weights.load(host.apply(this), type);
        Optional<SwapResult<N>> swap;
        try {
            swap = swap(stored);
        } catch (DL4JException | IllegalStateException e) {
            throw new IllegalArgumentException("the stored " + modelName() + " for " + type + " does not take images of"
                    + " the inputShape " + Arrays.toString(inputShape()) + ": set that which it was trained on", e);
        }
        return (M) swap.map(this::accepted).orElse(stored);
    }

    private N accepted(SwapResult<N> swap) {
        if (!swap.report().isFunctionPreserved()) {
            if (!retrain) {
                throw new FunctionChangedException(modelName(), swap.report());
            }
            LOG.warn("{} has to be trained further: {}", modelName(), FunctionChangedException.describe(swap.report()));
        }
        return swap.network();
    }

    /** @return the name of DL4J's model */
    @Override
    public String modelName() {
        return host.apply(this).modelName();
    }

    @Override
    public String pretrainedUrl(PretrainedType type) {
        return host.apply(this).pretrainedUrl(type);
    }

    @Override
    public long pretrainedChecksum(PretrainedType type) {
        return host.apply(this).pretrainedChecksum(type);
    }

    @Override
    public Class<? extends Model> modelType() {
        return host.apply(this).modelType();
    }

    /**
     * Builds a {@link HostModel}.
     *
     * @param <N> MultiLayerNetwork or ComputationGraph
     */
    public static final class Builder<N extends Model> extends ModelBuilder<Builder<N>> {
        private final Function<HostModel<N>, ? extends ZooModel<?>> host;
        private final Function<HostModel<N>, N> network;
        private Path weights;
        private URI mirror;
        private FileCheck sha256;
        private boolean retrain;

        /**
         * Starts with the defaults of a model.
         *
         * @param numClasses number of classes
         * @param inputShape channels, height and width of images
         * @param host DL4J's model with seed, input shape and classes of the model given
         * @param network its network, not initialized
         */
        Builder(
                int numClasses, int[] inputShape, Function<HostModel<N>, ? extends ZooModel<?>> host,
                Function<HostModel<N>, N> network) {
            super(numClasses, inputShape);
            this.host = host;
            this.network = network;
        }

        /**
         * Names the file that holds the pretrained network. It has to have DL4J's checksum, or that of {@link
         * #weightsSha256}. It is only read. Default: downloaded once, to where DL4J keeps it.
         *
         * @param file a network as DL4J's ModelSerializer stores it
         * @return this
         */
        public Builder<N> weights(Path file) {
            weights = Objects.requireNonNull(file, "weights");
            return this;
        }

        /**
         * Names another server for the pretrained network. The file has the name that it has on DL4J's.
         *
         * @param base address of the folder: http, https or file; default DL4J's own
         * @return this
         */
        public Builder<N> mirror(URI base) {
            mirror = Objects.requireNonNull(base, "mirror");
            return this;
        }

        /**
         * Expects this SHA-256 sum of the file with the pretrained network, in place of DL4J's Adler-32, which shows
         * damage but not forgery, and does not fit a network that you trained.
         *
         * @param sum 64 hexadecimal digits
         * @return this
         * @throws IllegalArgumentException if they are not
         */
        public Builder<N> weightsSha256(String sum) {
            sha256 = FileCheck.sha256(sum);
            return this;
        }

        /**
         * Says that a pretrained network will be trained further, so that {@link HostModel#initPretrained} takes a
         * pooling that changes its function.
         *
         * @return this
         */
        public Builder<N> retrain() {
            retrain = true;
            return this;
        }

        @Override
        public HostModel<N> build() {
            return new HostModel<>(this);
        }
    }
}
