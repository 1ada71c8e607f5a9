// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.util.MathArrays;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Hands {@link LabelledImages} to {@code fit} and {@code evaluate} of a network, batch by batch.
 *
 * <p>A shuffled iterator starts with the order of epoch 0. {@link #reset()} goes on to the next epoch, but only if
 * a batch has been taken since the last one began, so that a second reset in a row changes nothing;
 * {@link #startEpoch(int)} goes to any epoch. The order is {@link #order(int, long, int)}, the same on every machine.
 *
 * <p>Not safe for use by several threads at once: each takes its own iterator, they share the images.
 */
public final class LabelledImageIterator implements DataSetIterator {
    private static final long serialVersionUID = 1L;

    private final LabelledImages images;
    private final int batchSize;
    private final Long seed;
    private int epoch;
    private int position;
    private int[] order;
    private DataSetPreProcessor preProcessor;

    /** A seed of null keeps the images' own order. */
    LabelledImageIterator(LabelledImages images, int batchSize, Long seed) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize is " + batchSize + ", expected at least 1");
        }
        this.images = images;
        this.batchSize = batchSize;
        this.seed = seed;
        startEpoch(0);
    }

    /**
     * The order in which a shuffled iterator visits the images.
     *
     * @param size number of images
     * @param seed the iterator's seed
     * @param epoch epoch from 0
     * @return a permutation of 0 to {@code size - 1}
     */
    public static int[] order(int size, long seed, int epoch) {
        int[] order = MathArrays.natural(size);
        int[] key = {(int) (seed >>> 32), (int) seed, epoch};
        MathArrays.shuffle(order, new MersenneTwister(key));
        return order;
    }

    /** @return the current epoch, from 0 */
    public int epoch() {
        return epoch;
    }

    /**
     * Goes to the first batch of the given epoch.
     *
     * @param epoch epoch from 0
     * @throws IllegalArgumentException if the epoch is negative
     */
    public void startEpoch(int epoch) {
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch is " + epoch + ", expected at least 0");
        }
        this.epoch = epoch;
        position = 0;
        order = seed == null ? MathArrays.natural(images.size()) : order(images.size(), seed, epoch);
    }

    @Override
    public boolean hasNext() {
        return position < order.length;
    }

    @Override
    public DataSet next() {
        return next(batchSize);
    }

    @Override
    public DataSet next(int num) {
        if (num < 1) {
            throw new IllegalArgumentException("num is " + num + ", expected at least 1");
        }
        if (!hasNext()) {
            throw new NoSuchElementException("all " + order.length + " images of epoch " + epoch + " have been read");
        }
        int end = position + Math.min(num, order.length - position);
        DataSet batch = images.batch(Arrays.copyOfRange(order, position, end));
        position = end;
        if (preProcessor != null) {
            preProcessor.preProcess(batch);
        }
        return batch;
    }

    @Override
    public void reset() {
        if (position > 0) {
            startEpoch(epoch + 1);
        }
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    /** @return false: the images are in memory already, a prefetching thread would only compete with the training */
    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public int inputColumns() {
        return images.channels() * images.height() * images.width();
    }

    @Override
    public int totalOutcomes() {
        return images.classNames().size();
    }

    @Override
    public int batch() {
        return batchSize;
    }

    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        this.preProcessor = preProcessor;
    }

    @Override
    public DataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }

    @Override
    public List<String> getLabels() {
        return images.classNames();
    }
}
