// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.zoo.swap.Pooling;
import io.github.dl4jpooling.zoo.swap.PoolingSite;
import io.github.dl4jpooling.zoo.swap.PoolingSwap;
import io.github.dl4jpooling.zoo.swap.SwapReport;
import io.github.dl4jpooling.zoo.swap.SwapResult;
import java.util.Optional;
import java.util.function.Predicate;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.ModelMetaData;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.ZooType;

/**
 * An architecture whose pooling can be chosen. Made by {@link io.github.dl4jpooling.zoo.PooledZoo}.
 *
 * @param <N> what {@link #init()} returns
 */
@SuppressWarnings({"unchecked", "deprecation"}) // what DL4J leaves open a model knows; ModelMetaData has to be there
public abstract class PooledModel<N extends Model> extends ZooModel<PooledModel<N>> {
    private final long seed;
    private final int numClasses;
    private final Pooling pooling;
    private final Predicate<PoolingSite> poolingSites;
    private final boolean stridedConvolutions;
    private int[] inputShape;

    /**
     * Takes the settings of a builder.
     *
     * @param builder the builder
     */
    PooledModel(ModelBuilder<?> builder) {
        seed = builder.seed();
        numClasses = builder.numClasses();
        pooling = builder.pooling();
        poolingSites = builder.poolingSites();
        stridedConvolutions = builder.stridedConvolutions();
        inputShape = builder.inputShape();
    }

    /** The network with the model's own pooling, not initialized. */
    abstract N plainNetwork();

    /**
     * Makes the network.
     *
     * @return a new network, initialized
     * @throws IllegalArgumentException if the pooling has no place in it: the message lists the pooling layers
     */
    @Override
    public final N init() {
        N plain = plainNetwork();
        N network = swap(plain).map(SwapResult::network).orElse(plain);
        network.init();
        return network;
    }

    /**
     * What {@link ModelBuilder#pooling} does to this model.
     *
     * @return the report of the swap; empty if the model has its own pooling
     */
    public final Optional<SwapReport> swapReport() {
        return pooling == null ? Optional.empty() : swap(plainNetwork()).map(SwapResult::report);
    }

    /** A network with the pooling that the settings ask for; empty if they ask for none. */
    final Optional<SwapResult<N>> swap(N network) {
        if (pooling == null) {
            return Optional.empty();
        }
        PoolingSwap plain = PoolingSwap.to(pooling).where(poolingSites).inputTypes(inputTypes());
        PoolingSwap swap = stridedConvolutions || poolsByStrideOnly() ? plain.withStridedConvolutions() : plain;
        SwapResult<?> result = network instanceof ComputationGraph
                ? swap.apply((ComputationGraph) network)
                : swap.apply((MultiLayerNetwork) network);
        return Optional.of((SwapResult<N>) result);
    }

    /** @return what the network gets, a type for each input */
    public InputType[] inputTypes() {
        return new InputType[] {InputType.convolutional(inputShape[1], inputShape[2], inputShape[0])};
    }

    /** Whether the model has no pooling layers, but strides that pooling can take over. */
    boolean poolsByStrideOnly() {
        return false;
    }

    /** @return number of classes */
    public final int numClasses() {
        return numClasses;
    }

    /** @return channels, height and width of images */
    public final int[] inputShape() {
        return inputShape.clone();
    }

    final long seed() {
        return seed;
    }

    @Override
    public void setInputShape(int[][] inputShape) {
        this.inputShape = inputShape[0].clone();
    }

    @Override
    public ModelMetaData metaData() {
        return new ModelMetaData(new int[][] {inputShape()}, 1, ZooType.CNN);
    }

    /** There are no pretrained weights, except through DL4J's models. */
    @Override
    public String pretrainedUrl(PretrainedType pretrainedType) {
        return null;
    }

    @Override
    public long pretrainedChecksum(PretrainedType pretrainedType) {
        return 0;
    }
}
