// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxDatasetTest {
    private final LabelledImages train = TestImages.random(12, 3, 1, 4, 5);
    private final LabelledImages test = TestImages.random(6, 3, 1, 4, 5);

    @TempDir
    private Path folder;

    private Path trainImages;
    private Path trainLabels;

    @BeforeEach
    void writeUnpacked() throws IOException {
        trainImages = Files.write(folder.resolve(IdxDataset.TRAIN_IMAGES), IdxWriter.images(train));
        trainLabels = Files.write(folder.resolve(IdxDataset.TRAIN_LABELS), IdxWriter.labels(train));
        Files.write(folder.resolve(IdxDataset.TEST_IMAGES), IdxWriter.images(test));
        Files.write(folder.resolve(IdxDataset.TEST_LABELS), IdxWriter.labels(test));
    }

    private ImageDataset load() throws IOException {
        return ImageDatasets.load(folder.toString());
    }

    private static void assertSame(LabelledImages actual, LabelledImages expected) {
        assertThat(actual).hasToString(expected.toString());
        assertThat(IdxWriter.images(actual)).isEqualTo(IdxWriter.images(expected));
        assertThat(IdxWriter.labels(actual)).isEqualTo(IdxWriter.labels(expected));
    }

    private void pack(Path file) throws IOException {
        Files.write(Path.of(file + ".gz"), IdxWriter.gzip(Files.readAllBytes(file)));
        Files.delete(file);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsUnpackedAndPackedFilesAndLeavesTheFolderAsItIs(boolean packed) throws IOException {
        if (packed) {
            for (String name : IdxDataset.NAMES) {
                pack(folder.resolve(name));
            }
        }
        Map<String, ByteBuffer> before = TestImages.snapshot(folder);

        ImageDataset dataset = load();

        assertSame(dataset.train(), train);
        assertSame(dataset.test(), test);
        assertThat(dataset.train().classNames()).containsExactly("0", "1", "2");
        assertThat(dataset.source()).isEqualTo("IDX files in " + folder);
        assertThat(TestImages.snapshot(folder)).isEqualTo(before);
    }

    @Test
    void packingIsRecognisedByContentNotByName() throws IOException {
        Files.write(trainImages, IdxWriter.gzip(Files.readAllBytes(trainImages)));
        assertSame(load().train(), train);
    }

    private void fails(String... parts) throws IOException {
        Map<String, ByteBuffer> before = TestImages.snapshot(folder);
        assertThatThrownBy(this::load).isInstanceOf(IOException.class).message().contains(parts);
        assertThat(TestImages.snapshot(folder)).isEqualTo(before);
    }

    @Test
    void missingFile() throws IOException {
        Files.delete(trainLabels);
        fails(folder.toString(), "has no train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz");
    }

    @Test
    void wrongMagicNumber() throws IOException {
        Files.copy(trainLabels, trainImages, StandardCopyOption.REPLACE_EXISTING);
        fails(trainImages.toString(), "0x00000801", "0x00000803", "3 dimension");
    }

    @Test
    void notAnIdxFile() throws IOException {
        Files.writeString(trainImages, "<html>not found, sorry</html>");
        fails(trainImages.toString(), "0x3c68746d", "0x00000803");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 15})
    void cutOffInTheHeader(int length) throws IOException {
        Files.write(trainImages, Arrays.copyOf(IdxWriter.images(train), length));
        fails(trainImages + " is cut off: it holds " + length + " bytes, expected a header of 16");
    }

    @Test
    void cutOffInTheData() throws IOException {
        Files.write(trainImages, Arrays.copyOf(IdxWriter.images(train), 16 + 239));
        fails(trainImages + " is cut off: it holds 239 bytes after the header, expected 240 (12 x 4 x 5)");
    }

    @Test
    void moreThanAnnounced() throws IOException {
        Files.write(trainImages, Arrays.copyOf(IdxWriter.images(train), 16 + 241));
        fails(trainImages + " holds more than the 240 bytes (12 x 4 x 5)");
    }

    @Test
    void cutOffGzip() throws IOException {
        byte[] packed = IdxWriter.gzip(IdxWriter.images(train));
        Files.write(trainImages, Arrays.copyOf(packed, packed.length / 2));
        fails(trainImages + " is cut off: its gzip data ends early");
    }

    @Test
    void damagedGzip() throws IOException {
        byte[] packed = IdxWriter.gzip(IdxWriter.images(train));
        packed[packed.length - 6] ^= 1;
        Files.write(trainImages, packed);
        fails(trainImages + " is damaged", "gzip");
    }

    @Test
    void zeroImages() throws IOException {
        Files.write(trainImages, IdxWriter.bytes(0x803, new int[] {0, 4, 5}, new byte[0]));
        fails(trainImages + " has the sizes 0 x 4 x 5, expected at least 1 each");
    }

    @Test
    void sizesThatNoArrayCanHold() throws IOException {
        Files.write(trainImages, IdxWriter.bytes(0x803, new int[] {-1, -1, -1}, new byte[9]));
        fails(trainImages + " announces 4294967295 x 4294967295 x 4294967295 bytes, expected at most 2147483639");
        Files.write(trainImages, IdxWriter.bytes(0x803, new int[] {60_000, 1_000, 1_000}, new byte[9]));
        fails(trainImages + " announces 60000 x 1000 x 1000 bytes, expected at most 2147483639");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hugeAnnouncementOfASmallFileTakesNoMemory(boolean packed) throws IOException {
        byte[] content = IdxWriter.bytes(0x803, new int[] {2_000, 1_000, 1_000}, new byte[9]);
        Files.write(trainImages, packed ? IdxWriter.gzip(content) : content);
        long before = allocated();
        fails(trainImages + " is cut off: it holds 9 bytes after the header, expected 2000000000");
        assertThat(allocated() - before).isLessThan(100L << 20);
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void asManyImagesAsLabels() throws IOException {
        Files.write(trainLabels, IdxWriter.labels(train.take(11)));
        fails(trainImages + " holds 12 images but " + trainLabels + " holds 11 labels");
    }

    @Test
    void testLabelThatTrainingLacks() throws IOException {
        Path labels = folder.resolve(IdxDataset.TEST_LABELS);
        Files.write(labels, IdxWriter.labels(TestImages.random(6, 4, 1, 4, 5)));
        fails(labels + " has the label 3 for image 3, expected 0 to 2");
    }

    @Test
    void oneClassOnly() throws IOException {
        Files.write(trainLabels, IdxWriter.labels(TestImages.random(12, 1, 1, 4, 5)));
        fails(trainLabels + " has the label 0 only, expected at least two classes");
    }

    @Test
    void testImagesOfAnotherSize() throws IOException {
        Path images = folder.resolve(IdxDataset.TEST_IMAGES);
        Files.write(images, IdxWriter.images(TestImages.random(6, 3, 1, 5, 4)));
        fails(images + " has images of 5 x 4, expected 4 x 5 as in " + trainImages);
    }
}
