// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Image data sets by name or folder. Folders are only read: nothing in them is written, renamed or deleted. */
public final class ImageDatasets {
    /** The subset of Fashion-MNIST that comes with this library: 10,000 training and 2,000 test images. */
    public static final String EMBEDDED = "embedded";

    /** The full Fashion-MNIST: 60,000 training and 10,000 test images. */
    public static final String FASHION_MNIST = "fashion-mnist";

    private ImageDatasets() {}

    /**
     * Loads a data set into memory.
     *
     * <ul>
     *   <li>{@value #EMBEDDED}: needs neither files nor network.
     *   <li>{@value #FASHION_MNIST}: looked for in the folder named by the system property {@code pooling.data} or the
     *       environment variable {@code POOLING_DATA}; where neither is set, in {@code ~/.dl4j-pooling/fashion-mnist},
     *       then in {@code /usr/share/datasets/fashion-mnist} (Debian's package {@code dataset-fashion-mnist}); else
     *       downloaded once from its publisher, or from the address in the system property {@code pooling.data.url},
     *       to {@code ~/.dl4j-pooling/fashion-mnist}. The content is checked by SHA-256 wherever it comes from.
     *   <li>any other text: a folder. With the four IDX files {@code train-images-idx3-ubyte},
     *       {@code train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte}, {@code t10k-labels-idx1-ubyte}, each
     *       unpacked or as {@code .gz}; classes are then numbered from 0 to the largest training label. Or with PNG
     *       images, grey or RGB and all of one size, in {@code train/CLASS/} and {@code test/CLASS/}, or in
     *       {@code CLASS/}, where every sixth image of a class in the order of the file names is for testing.
     * </ul>
     *
     * @param spec {@value #EMBEDDED}, {@value #FASHION_MNIST} or a folder
     * @return the images
     * @throws IllegalArgumentException if {@code spec} is none of these
     * @throws IOException if the data are missing, damaged or do not fit together; the message names the file, the
     *     value and what is expected
     */
    public static ImageDataset load(String spec) throws IOException {
        if (EMBEDDED.equals(spec)) {
            return FashionMnist.embedded();
        }
        try {
            if (FASHION_MNIST.equals(spec)) {
                return new FashionMnist().full();
            }
            return folder(spec);
        } catch (AccessDeniedException e) {
            throw new IOException(e.getFile() + " may not be read by this user", e);
        } catch (NoSuchFileException e) {
            throw new IOException(e.getFile() + " does not exist", e);
        } catch (FileSystemException e) {
            throw new IOException("cannot read: " + e.getMessage(), e);
        }
    }

    private static ImageDataset folder(String spec) throws IOException {
        if (spec == null || spec.isBlank() || !Files.isDirectory(Path.of(spec))) {
            throw new IllegalArgumentException("data set \"" + spec + "\" is unknown, expected " + EMBEDDED + ", "
                    + FASHION_MNIST + " or an existing folder");
        }
        Path folder = Path.of(spec);
        if (IdxDataset.missing(folder).size() < IdxDataset.NAMES.size()) {
            return IdxDataset.read((name, dimensions) -> IdxDataset.open(folder, name, dimensions), null,
                    "IDX files in " + folder);
        }
        return PngFolders.read(folder);
    }
}
