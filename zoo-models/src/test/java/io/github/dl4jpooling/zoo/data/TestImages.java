// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Small data sets, and a picture of a folder's state. */
final class TestImages {
    private TestImages() {}

    /** Random pixels; labels 0, 1, .., classes - 1, 0, 1, .. */
    static LabelledImages random(int size, int classes, int channels, int height, int width) {
        byte[] pixels = new byte[size * channels * height * width];
        new Random(size).nextBytes(pixels);
        int[] labels = IntStream.range(0, size).map(i -> i % classes).toArray();
        return LabelledImages.of(pixels, labels, names(classes), channels, height, width);
    }

    static List<String> names(int classes) {
        return IntStream.range(0, classes).mapToObj(Integer::toString).collect(Collectors.toList());
    }

    /** Every entry under the folder with its time of change and content. */
    static Map<String, ByteBuffer> snapshot(Path folder) throws IOException {
        Map<String, ByteBuffer> entries = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.collect(Collectors.toList())) {
                byte[] content = Files.isRegularFile(path) ? Files.readAllBytes(path) : new byte[0];
                entries.put(path + " of " + Files.getLastModifiedTime(path), ByteBuffer.wrap(content));
            }
        }
        return entries;
    }
}
