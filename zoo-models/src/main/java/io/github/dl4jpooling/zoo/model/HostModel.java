// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A model of DL4J's own zoo, with exchangeable pooling. Made by {@link io.github.dl4jpooling.zoo.PooledZoo}.
 *
 * @param <N> MultiLayerNetwork or ComputationGraph
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class HostModel<N extends Model> extends PooledModel<N> {
    private final Function<HostModel<N>, ? extends ZooModel<?>> host;
    private final Function<HostModel<N>, N> network;
    private final IUpdater updater;

    private HostModel(Builder<N> builder) {
        super(builder);
        host = builder.host;
        network = builder.network;
        updater = builder.updater();
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
     * DL4J's pretrained network, from its cache or server, with the pooling swapped: input shape, classes and updater
     * are those of the stored network. It needs further training where the swap changes the function.
     *
     * @param type what it was trained on
     * @return a new network
     * @throws IOException if the weights cannot be had
     */
    @Override
    public <M extends Model> M initPretrained(PretrainedType type) throws IOException {
        Model pretrained = host.apply(this).initPretrained(type);
        return (M) swapped((N) pretrained);
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

        @Override
        public HostModel<N> build() {
            return new HostModel<>(this);
        }
    }
}
