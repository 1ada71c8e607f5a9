// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes grey images and labels as IDX files. */
final class IdxWriter {
    private IdxWriter() {}

    /** An IDX file with any header, right or wrong. */
    static byte[] bytes(int magic, int[] sizes, byte[] data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(magic);
            for (int size : sizes) {
                out.writeInt(size);
            }
            out.write(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] images(LabelledImages images) {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        for (int i = 0; i < images.size(); i++) {
            pixels.writeBytes(images.pixels(i));
        }
        return bytes(0x803, new int[] {images.size(), images.height(), images.width()}, pixels.toByteArray());
    }

    static byte[] labels(LabelledImages images) {
        byte[] labels = new byte[images.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) images.label(i);
        }
        return bytes(0x801, new int[] {labels.length}, labels);
    }

    /** Packs as well as possible; without name and time, so that the same content gives the same file. */
    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new BestGzip(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Writes the four files of a data set, packed. */
    static void write(LabelledImages train, LabelledImages test, Path folder) throws IOException {
        Files.write(folder.resolve(IdxDataset.TRAIN_IMAGES + ".gz"), gzip(images(train)));
        Files.write(folder.resolve(IdxDataset.TRAIN_LABELS + ".gz"), gzip(labels(train)));
        Files.write(folder.resolve(IdxDataset.TEST_IMAGES + ".gz"), gzip(images(test)));
        Files.write(folder.resolve(IdxDataset.TEST_LABELS + ".gz"), gzip(labels(test)));
    }

    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(9);
        }
    }
}
