// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the embedded subset from the full Fashion-MNIST. Arguments: the folder with the full set (for example
 * {@code /usr/share/datasets/fashion-mnist}), which is only read, and the folder to write the four files to.
 */
public final class FashionMnistSubsetWriter {
    private FashionMnistSubsetWriter() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("expected two arguments: folder with the full set, folder to write to");
        }
        ImageDataset subset = subset(Path.of(args[0]));
        IdxWriter.write(subset.train(), subset.test(), Files.createDirectories(Path.of(args[1])));
    }

    static ImageDataset subset(Path fullSet) throws IOException {
        return new FashionMnist(
                name -> FashionMnist.FOLDER_PROPERTY.equals(name) ? fullSet.toString() : null,
                name -> null,
                FashionMnist.DEBIAN_FOLDER,
                FashionMnist.SHA256)
                        .full()
                        .take(10_000, 2_000);
    }
}
