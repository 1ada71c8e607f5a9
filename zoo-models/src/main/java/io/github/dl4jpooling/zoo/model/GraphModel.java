// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A model that this library builds: a graph with He's initialisation and Adam(0.001), unless an updater is set. Inputs
 * with a side below 64, such as 1x28x28 and 3x32x32, get a first stage without downsampling where the model's own would
 * leave nothing of them.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public abstract class GraphModel extends PooledModel<ComputationGraph> {
    static final String INPUT = "input";
    static final String OUTPUT = "output";
    private static final int SMALL = 64;
    private static final double LEARNING_RATE = 1e-3;

    private final IUpdater updater;
    private final double width;

    /**
     * Takes the settings of a builder.
     *
     * @param builder the builder
     */
    GraphModel(Builder<?> builder) {
        super(builder);
        updater = builder.updater();
        width = builder.width;
    }

    /** Adds the layers. */
    abstract void addLayers(GraphLayers layers);

    @Override
    final ComputationGraph plainNetwork() {
        ComputationGraphConfiguration.GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(seed())
                .weightInit(new WeightInitRelu())
                .updater(updater == null ? new Adam(LEARNING_RATE) : updater.clone())
                .graphBuilder()
                .addInputs(inputs())
                .setInputTypes(inputTypes());
        addLayers(new GraphLayers(graph, width));
        return new ComputationGraph(graph.setOutputs(outputs()).build());
    }

    /** Names of the inputs. */
    String[] inputs() {
        return new String[] {INPUT};
    }

    /** Names of the outputs. */
    String[] outputs() {
        return new String[] {OUTPUT};
    }

    /** Whether images are so small that the first stage must not downsample. */
    final boolean isSmall() {
        return Math.min(inputShape()[1], inputShape()[2]) < SMALL;
    }

    @Override
    public final Class<? extends Model> modelType() {
        return ComputationGraph.class;
    }

    /**
     * Settings of the models that this library builds.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends ModelBuilder<T> {
        private double width = 1;

        /**
         * Starts with the defaults of a model.
         *
         * @param numClasses number of classes
         * @param inputShape channels, height and width of images
         */
        Builder(int numClasses, int... inputShape) {
            super(numClasses, inputShape);
        }

        /**
         * @param newWidth factor of all numbers of channels, more than 0; they are rounded to multiples of 8, at least
         *     8. Default 1: the paper's numbers.
         * @return this
         * @throws IllegalArgumentException if it is not a number above 0
         */
        public T width(double newWidth) {
            if (!(newWidth > 0) || Double.isInfinite(newWidth)) {
                throw new IllegalArgumentException("width must be above 0, got " + newWidth);
            }
            width = newWidth;
            return self();
        }

        /**
         * Small grey images in 10 classes, such as MNIST: {@code inputShape(1, 28, 28).numClasses(10)}.
         *
         * @return this
         */
        public T images28() {
            return inputShape(1, 28, 28).numClasses(10);
        }

        /**
         * Small coloured images in 10 classes, such as CIFAR-10: {@code inputShape(3, 32, 32).numClasses(10)}.
         *
         * @return this
         */
        public T images32() {
            return inputShape(3, 32, 32).numClasses(10);
        }
    }
}
