// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.zoo.swap.Pooling;
import io.github.dl4jpooling.zoo.swap.PoolingSite;
import java.util.Arrays;
import java.util.function.Predicate;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Settings of every model of {@link io.github.dl4jpooling.zoo.PooledZoo}. Each model starts with the input size of its
 * paper, or DL4J's, and 1000 or 10 classes.
 *
 * @param <T> the builder's own type
 */
public abstract class ModelBuilder<T extends ModelBuilder<T>> {
    private long seed = 1234;
    private int[] inputShape;
    private int numClasses;
    private IUpdater updater;
    private Pooling pooling;
    private Predicate<PoolingSite> poolingSites = site -> true;
    private boolean stridedConvolutions;

    /**
     * Starts with the defaults of a model.
     *
     * @param numClasses number of classes
     * @param inputShape channels, height and width of images
     */
    ModelBuilder(int numClasses, int... inputShape) {
        this.inputShape = inputShape.clone();
        this.numClasses = numClasses;
    }

    /** @return this, as the builder's own type */
    @SuppressWarnings("unchecked")
    final T self() {
        return (T) this;
    }

    /**
     * Replaces the model's pooling layers: all that have windows, not global pooling. Without this call the model has
     * its own.
     *
     * @param newPooling what the layers are to be
     * @return this
     */
    public T pooling(Pooling newPooling) {
        pooling = newPooling;
        return self();
    }

    /**
     * Restricts {@link #pooling} to some layers.
     *
     * @param sites says for each pooling layer whether it is replaced; default all
     * @return this
     */
    public T poolingWhere(Predicate<PoolingSite> sites) {
        poolingSites = sites;
        return self();
    }

    /**
     * Lets {@link #pooling} take over the strides of convolutions, too, see {@link
     * io.github.dl4jpooling.zoo.swap.PoolingSwap#withStridedConvolutions()}.
     *
     * @return this
     */
    public T withStridedConvolutions() {
        stridedConvolutions = true;
        return self();
    }

    /**
     * @param newNumClasses number of classes, at least 1
     * @return this
     * @throws IllegalArgumentException if there are none
     */
    public T numClasses(int newNumClasses) {
        if (newNumClasses < 1) {
            throw new IllegalArgumentException("numClasses must be at least 1, got " + newNumClasses);
        }
        numClasses = newNumClasses;
        return self();
    }

    /**
     * @param channelsHeightWidth channels, height and width of images, each at least 1
     * @return this
     * @throws IllegalArgumentException if these are not three positive numbers
     */
    public T inputShape(int... channelsHeightWidth) {
        if (channelsHeightWidth.length != 3 || Arrays.stream(channelsHeightWidth).anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException("inputShape must be channels, height and width, each at least 1, got "
                    + Arrays.toString(channelsHeightWidth));
        }
        inputShape = channelsHeightWidth.clone();
        return self();
    }

    /**
     * @param newSeed seed of the first weights and of training; default 1234
     * @return this
     */
    public T seed(long newSeed) {
        seed = newSeed;
        return self();
    }

    /**
     * @param newUpdater updater of all layers; default that of the model, see its description
     * @return this
     */
    public T updater(IUpdater newUpdater) {
        updater = newUpdater;
        return self();
    }

    /** @return a model with these settings; further calls of the builder do not change it */
    public abstract PooledModel<?> build();

    final long seed() {
        return seed;
    }

    final int[] inputShape() {
        return inputShape.clone();
    }

    final int numClasses() {
        return numClasses;
    }

    final IUpdater updater() {
        return updater;
    }

    final Pooling pooling() {
        return pooling;
    }

    final Predicate<PoolingSite> poolingSites() {
        return poolingSites;
    }

    final boolean stridedConvolutions() {
        return stridedConvolutions;
    }
}
