// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.util.Objects;

/** Training and test images of the same size and classes, and a line that says where they come from. */
public final class ImageDataset {
    private final LabelledImages train;
    private final LabelledImages test;
    private final String source;

    /**
     * @param train images to learn from
     * @param test images to measure the accuracy on
     * @param source where the images come from, for people to read
     * @throws IllegalArgumentException if training and test images differ in size or classes
     */
    public ImageDataset(LabelledImages train, LabelledImages test, String source) {
        if (train.channels() != test.channels() || train.height() != test.height() || train.width() != test.width()
                || !train.classNames().equals(test.classNames())) {
            throw new IllegalArgumentException("training and test images differ: " + train + " " + train.classNames()
                    + " and " + test + " " + test.classNames());
        }
        this.train = train;
        this.test = test;
        this.source = Objects.requireNonNull(source, "source");
    }

    /** @return images to learn from */
    public LabelledImages train() {
        return train;
    }

    /** @return images to measure the accuracy on */
    public LabelledImages test() {
        return test;
    }

    /** @return where the images come from, for people to read */
    public String source() {
        return source;
    }

    /**
     * A stratified subset, see {@link LabelledImages#take(int)}.
     *
     * @param trainImages number of training images
     * @param testImages number of test images
     * @return the subset
     * @throws IllegalArgumentException if a number is less than 1 or more than there are
     */
    public ImageDataset take(int trainImages, int testImages) {
        return new ImageDataset(train.take(trainImages), test.take(testImages), source);
    }

    @Override
    public String toString() {
        return source + ": " + train.size() + " training and " + test.size() + " test images of " + train.channels()
                + " x " + train.height() + " x " + train.width() + " in " + train.classNames().size() + " classes";
    }
}
