// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Images of one size with one class label each, held in memory as unsigned bytes and never changed.
 *
 * <p>Networks get them in batches of floats: pixel value / 255, so 0 to 1, in the layout [images, channels, height,
 * width]; the labels become one-hot rows [images, classes]. Nothing else is done to the pixels. Who wants them
 * standardised gives the iterator one of ND4J's normalisers as pre-processor.
 *
 * <p>Not meant for data sets that do not fit into memory: all pixels together are one byte array, so at most
 * 2,147,483,639 of them.
 */
public final class LabelledImages implements Serializable {
    /** Largest array that every Java runtime can allocate. */
    static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private static final long serialVersionUID = 1L;
    private static final float[] UNIT_VALUES = unitValues();

    private final byte[] pixels;
    private final int[] labels;
    private final String[] classNames;
    private final int channels;
    private final int height;
    private final int width;

    /** Takes the arrays as they are, without a copy: callers hand them over. */
    LabelledImages(byte[] pixels, int[] labels, List<String> classNames, int channels, int height, int width) {
        requireAtLeastOne("channels", channels);
        requireAtLeastOne("height", height);
        requireAtLeastOne("width", width);
        requireAtLeastOne("number of class names", classNames.size());
        long expected = (long) labels.length * channels * height * width;
        if (pixels.length != expected) {
            throw new IllegalArgumentException("pixels holds " + pixels.length + " bytes, expected " + expected
                    + " for " + labels.length + " images of " + channels + " x " + height + " x " + width);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classNames.size()) {
                throw new IllegalArgumentException("labels[" + i + "] is " + labels[i] + ", expected 0 to "
                        + (classNames.size() - 1) + " for " + classNames.size() + " classes");
            }
        }
        this.pixels = pixels;
        this.labels = labels;
        this.classNames = classNames.toArray(new String[0]);
        this.channels = channels;
        this.height = height;
        this.width = width;
    }

    /**
     * Images from arrays, which are copied.
     *
     * @param pixels unsigned bytes in the order [images, channels, height, width]
     * @param labels class of each image, 0 to {@code classNames.size() - 1}
     * @param classNames names of the classes
     * @param channels 1 for grey, 3 for red, green, blue
     * @param height rows of an image
     * @param width columns of an image
     * @return the images
     * @throws IllegalArgumentException if sizes do not fit together or a label is out of range
     */
    public static LabelledImages of(
            byte[] pixels, int[] labels, List<String> classNames, int channels, int height, int width) {
        return new LabelledImages(pixels.clone(), labels.clone(), classNames, channels, height, width);
    }

    /** @return number of images */
    public int size() {
        return labels.length;
    }

    /** @return channels of an image: 1 for grey, 3 for red, green, blue */
    public int channels() {
        return channels;
    }

    /** @return rows of an image */
    public int height() {
        return height;
    }

    /** @return columns of an image */
    public int width() {
        return width;
    }

    /** @return names of the classes; a label is a position in this list */
    public List<String> classNames() {
        return List.of(classNames);
    }

    /**
     * @param image position of the image
     * @return its class
     */
    public int label(int image) {
        return labels[Objects.checkIndex(image, labels.length)];
    }

    /**
     * @param image position of the image
     * @return a copy of its pixels as unsigned bytes in the order [channels, height, width]
     */
    public byte[] pixels(int image) {
        int from = Objects.checkIndex(image, labels.length) * imageBytes();
        return Arrays.copyOfRange(pixels, from, from + imageBytes());
    }

    /** @return how many images each class has */
    public int[] classCounts() {
        int[] counts = new int[classNames.length];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    /**
     * The images at the given positions, in that order.
     *
     * @param images positions, repeats allowed
     * @return the selected images
     */
    public LabelledImages select(int... images) {
        byte[] selectedPixels = new byte[Math.multiplyExact(images.length, imageBytes())];
        int[] selectedLabels = new int[images.length];
        for (int i = 0; i < images.length; i++) {
            selectedLabels[i] = label(images[i]);
            System.arraycopy(pixels, images[i] * imageBytes(), selectedPixels, i * imageBytes(), imageBytes());
        }
        return new LabelledImages(selectedPixels, selectedLabels, classNames(), channels, height, width);
    }

    /**
     * A stratified subset: every class keeps its share, the first images of a class are taken, and the order stays.
     * With equally large classes and {@code n} a multiple of their number these are exactly the first
     * {@code n / classes} images of each class. A smaller subset is always part of a larger one.
     *
     * <p>The rule: the image of rank r (from 0) among the m images of its class has the key (r + 1/2) / m; the
     * {@code n} images with the smallest keys are taken, the earlier image first where keys are equal.
     *
     * @param n number of images, 1 to {@link #size()}
     * @return the subset
     * @throws IllegalArgumentException if {@code n} is out of range
     */
    public LabelledImages take(int n) {
        if (n < 1 || n > size()) {
            throw new IllegalArgumentException("n is " + n + ", expected 1 to " + size() + " images");
        }
        int[] counts = classCounts();
        int[] seen = new int[counts.length];
        long[] oddRank = new long[size()];
        for (int i = 0; i < size(); i++) {
            oddRank[i] = 2L * seen[labels[i]]++ + 1;
        }
        int[] chosen = IntStream.range(0, size())
                .boxed()
                .sorted((a, b) -> Long.compare(oddRank[a] * counts[labels[b]], oddRank[b] * counts[labels[a]]))
                .limit(n)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        return select(chosen);
    }

    /**
     * One batch for a network.
     *
     * @param images positions of the images
     * @return features [images, channels, height, width] from 0 to 1 and one-hot labels [images, classes], both float
     */
    public DataSet batch(int... images) {
        int bytes = imageBytes();
        float[] features = new float[Math.multiplyExact(images.length, bytes)];
        float[] oneHot = new float[images.length * classNames.length];
        for (int i = 0; i < images.length; i++) {
            oneHot[i * classNames.length + label(images[i])] = 1;
            int from = images[i] * bytes;
            for (int j = 0; j < bytes; j++) {
                features[i * bytes + j] = UNIT_VALUES[pixels[from + j] & 0xff];
            }
        }
        return new DataSet(
                Nd4j.create(features, new long[] {images.length, channels, height, width}, 'c'),
                Nd4j.create(oneHot, new long[] {images.length, classNames.length}, 'c'));
    }

    /**
     * All images in their own order, for evaluation.
     *
     * @param batchSize images in a batch; the last one may be smaller
     * @return an iterator over batches
     */
    public LabelledImageIterator batches(int batchSize) {
        return new LabelledImageIterator(this, batchSize, null);
    }

    /**
     * All images in an order that depends on the seed and the epoch alone, for training: two networks trained with
     * the same seed see the same batches.
     *
     * @param batchSize images in a batch; the last one may be smaller
     * @param seed any number
     * @return an iterator over batches, reshuffled in each epoch
     */
    public LabelledImageIterator shuffledBatches(int batchSize, long seed) {
        return new LabelledImageIterator(this, batchSize, seed);
    }

    @Override
    public String toString() {
        return size() + " images of " + channels + " x " + height + " x " + width + " in " + classNames.length
                + " classes";
    }

    private int imageBytes() {
        return channels * height * width;
    }

    private static void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least 1");
        }
    }

    private static float[] unitValues() {
        float[] values = new float[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 255f;
        }
        return values;
    }
}
