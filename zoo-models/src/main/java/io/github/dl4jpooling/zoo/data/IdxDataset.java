// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A data set of four IDX files under the names that MNIST and its relatives use. */
final class IdxDataset {
    static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    static final String TEST_LABELS = "t10k-labels-idx1-ubyte";
    static final List<String> NAMES = List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);

    private IdxDataset() {}

    /** Where a file of the set comes from. */
    interface Opener {
        IdxFile open(String name, int dimensions) throws IOException;
    }

    /** The file of that name in the folder, unpacked before packed; null if there is none. */
    static Path find(Path folder, String name) {
        for (String fileName : List.of(name, name + ".gz")) {
            Path file = folder.resolve(fileName);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return null;
    }

    /** Names of the set's files that the folder lacks. */
    static List<String> missing(Path folder) {
        return NAMES.stream().filter(name -> find(folder, name) == null).collect(Collectors.toList());
    }

    static IdxFile open(Path folder, String name, int dimensions) throws IOException {
        Path file = find(folder, name);
        if (file == null) {
            throw new IOException("folder " + folder + " has no " + name + " or " + name + ".gz; expected " + NAMES
                    + ", each unpacked or packed as .gz");
        }
        return IdxFile.read(file, dimensions);
    }

    /** Reads the four files. Without class names, classes are numbered from 0 to the largest training label. */
    static ImageDataset read(Opener opener, List<String> classNames, String source) throws IOException {
        IdxFile trainLabels = opener.open(TRAIN_LABELS, 1);
        IdxFile testLabels = opener.open(TEST_LABELS, 1);
        List<String> names = classNames == null ? numbered(trainLabels) : classNames;
        IdxFile trainImages = opener.open(TRAIN_IMAGES, 3);
        IdxFile testImages = opener.open(TEST_IMAGES, 3);
        if (trainImages.size(1) != testImages.size(1) || trainImages.size(2) != testImages.size(2)) {
            throw new IOException(testImages.name() + " has images of " + testImages.size(1) + " x "
                    + testImages.size(2) + ", expected " + trainImages.size(1) + " x " + trainImages.size(2)
                    + " as in " + trainImages.name());
        }
        return new ImageDataset(
                labelled(trainImages, trainLabels, names), labelled(testImages, testLabels, names), source);
    }

    private static LabelledImages labelled(IdxFile images, IdxFile labels, List<String> classNames)
            throws IOException {
        if (images.size(0) != labels.size(0)) {
            throw new IOException(images.name() + " holds " + images.size(0) + " images but " + labels.name()
                    + " holds " + labels.size(0) + " labels, expected as many");
        }
        int[] classes = new int[labels.size(0)];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = labels.data()[i] & 0xff;
            if (classes[i] >= classNames.size()) {
                throw new IOException(labels.name() + " has the label " + classes[i] + " for image " + i
                        + ", expected 0 to " + (classNames.size() - 1));
            }
        }
        return new LabelledImages(images.data(), classes, classNames, 1, images.size(1), images.size(2));
    }

    private static List<String> numbered(IdxFile labels) throws IOException {
        int largest = 0;
        for (byte label : labels.data()) {
            largest = Math.max(largest, label & 0xff);
        }
        if (largest == 0) {
            throw new IOException(labels.name() + " has the label 0 only, expected at least two classes");
        }
        return IntStream.rangeClosed(0, largest).mapToObj(Integer::toString).collect(Collectors.toList());
    }
}
