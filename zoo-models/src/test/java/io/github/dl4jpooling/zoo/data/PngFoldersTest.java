// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PngFoldersTest {
    @TempDir
    private Path folder;

    private ImageDataset load() throws IOException {
        return ImageDatasets.load(folder.toString());
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return file;
    }

    private Path write(String name, BufferedImage image) throws IOException {
        Path file = file(name);
        assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
        return file;
    }

    /** All pixels of the image have the value. */
    private Path grey(String name, int height, int width, int value) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < height * width; i++) {
            image.getRaster().setSample(i % width, i / width, 0, value);
        }
        return write(name, image);
    }

    private Path rgb(String name, int... pixels) throws IOException {
        BufferedImage image = new BufferedImage(pixels.length, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, pixels.length, 1, pixels, 0, pixels.length);
        return write(name, image);
    }

    private void fails(String... parts) throws IOException {
        Map<String, ByteBuffer> before = TestImages.snapshot(folder);
        assertThatThrownBy(this::load).isInstanceOf(IOException.class).message().contains(parts);
        assertThat(TestImages.snapshot(folder)).isEqualTo(before);
    }

    @Test
    void everySixthImageOfAClassIsForTesting() throws IOException {
        for (int i = 0; i < 13; i++) {
            grey(String.format("cat/%02d.png", i), 2, 3, 100 + i);
        }
        for (int i = 0; i < 6; i++) {
            grey(String.format("ant/%02d.PNG", i), 2, 3, 200 + i);
        }
        Files.writeString(file("cat/notes.txt"), "no image");
        Files.writeString(file(".hidden/x.png"), "no image");
        Map<String, ByteBuffer> before = TestImages.snapshot(folder);

        ImageDataset dataset = load();

        assertThat(dataset.train().classNames()).containsExactly("ant", "cat");
        assertThat(dataset).asString().contains(folder.toString(), "16 training and 3 test images of 1 x 2 x 3");
        assertThat(dataset.train().classCounts()).containsExactly(5, 11);
        assertThat(dataset.test().pixels(0)).containsOnly(205);
        assertThat(dataset.test().pixels(1)).containsOnly(105);
        assertThat(dataset.test().pixels(2)).containsOnly(111);
        assertThat(dataset.train().pixels(5 + 5)).containsOnly(106);
        assertThat(TestImages.snapshot(folder)).isEqualTo(before);
    }

    @Test
    void trainAndTestFoldersAreTakenAsTheyAre() throws IOException {
        grey("train/a/1.png", 1, 1, 1);
        grey("train/b/1.png", 1, 1, 2);
        grey("train/b/2.png", 1, 1, 3);
        grey("test/a/1.png", 1, 1, 4);
        grey("test/b/1.png", 1, 1, 5);

        ImageDataset dataset = load();

        assertThat(dataset.train().classCounts()).containsExactly(1, 2);
        assertThat(dataset.test().classCounts()).containsExactly(1, 1);
        assertThat(dataset.test().pixels(1)).containsExactly(5);
        assertThat(dataset.source()).isEqualTo("PNG images in " + folder);
    }

    @Test
    void rgbIsReadAsThreePlanesAndGreyAmongItIsRepeated() throws IOException {
        rgb("train/a/1.png", 0x010203, 0xfffefd);
        grey("train/b/1.png", 1, 2, 77);
        rgb("test/a/1.png", 0, 0);
        rgb("test/b/1.png", 0, 0);

        LabelledImages train = load().train();

        assertThat(train.channels()).isEqualTo(3);
        assertThat(train.pixels(0)).containsExactly(1, 255, 2, 254, 3, 253);
        assertThat(train.pixels(1)).containsOnly(77);
    }

    @Test
    void palettesSixteenBitsAndTransparencyKeepTheirStoredValues() throws IOException {
        byte[] greys = {0, 85, (byte) 170, (byte) 255};
        IndexColorModel palette = new IndexColorModel(2, 4, greys, greys, greys);
        BufferedImage four = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
        BufferedImage deep = new BufferedImage(4, 1, BufferedImage.TYPE_USHORT_GRAY);
        BufferedImage clear = new BufferedImage(4, 1, BufferedImage.TYPE_INT_ARGB);
        byte[] red = {0, 10, 20, 30};
        BufferedImage coloured = new BufferedImage(
                4, 1, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 4, red, greys, new byte[4]));
        for (int x = 0; x < 4; x++) {
            four.getRaster().setSample(x, 0, 0, x);
            deep.getRaster().setSample(x, 0, 0, 0x40ff * x);
            clear.setRGB(x, 0, 0x010203 * x);
            coloured.getRaster().setSample(x, 0, 0, x);
        }
        write("train/a/1.png", four);
        write("train/b/1.png", deep);
        write("test/a/1.png", four);
        write("test/b/1.png", deep);
        LabelledImages grey = load().train();
        assertThat(grey.channels()).isEqualTo(1);
        assertThat(grey.pixels(0)).containsExactly(greys);
        assertThat(grey.pixels(1)).containsExactly(0, 0x40, 0x81, 0xc2);

        write("train/a/2.png", clear);
        write("train/b/2.png", coloured);
        LabelledImages colour = load().train();
        assertThat(colour.pixels(1)).containsExactly(0, 1, 2, 3, 0, 2, 4, 6, 0, 3, 6, 9);
        assertThat(colour.pixels(3)).containsExactly(0, 10, 20, 30, 0, 85, 170, 255, 0, 0, 0, 0);
    }

    @Test
    void imagesOfDifferentSizes() throws IOException {
        Path first = grey("train/a/1.png", 4, 5, 0);
        grey("train/b/1.png", 4, 5, 0);
        grey("test/a/1.png", 4, 5, 0);
        Path other = grey("test/b/1.png", 5, 4, 0);
        fails(other + " has 5 x 4 pixels (height x width), expected 4 x 5 as in " + first);
    }

    @Test
    void brokenImages() throws IOException {
        for (int i = 0; i < 6; i++) {
            grey("a/" + i + ".png", 20, 20, i);
            grey("b/" + i + ".png", 20, 20, i);
        }
        Path broken = file("b/3.png");
        byte[] content = Files.readAllBytes(broken);
        Files.write(broken, Arrays.copyOf(content, content.length / 2));
        fails(broken + " cannot be read, expected a valid PNG image");
        Files.write(broken, new byte[0]);
        fails(broken + " cannot be read, expected a valid PNG image");
        Files.writeString(broken, "GIF89a, or not even that");
        fails(broken + " cannot be read, expected a valid PNG image");
    }

    @Test
    void imageThatAnnouncesMoreThanMemoryHolds() throws IOException {
        Path first = null;
        for (int i = 5; i >= 0; i--) {
            grey("b/" + i + ".png", 2, 2, 0);
            first = grey("a/" + i + ".png", 2, 2, 0);
        }
        byte[] content = Files.readAllBytes(first);
        ByteBuffer.wrap(content).putInt(16, 100_000).putInt(20, 200_000);
        Files.write(first, content);
        fails(first + " has 200000 x 100000 pixels, too many for 12 images in memory");
    }

    @Test
    void tooFewImagesOrClasses() throws IOException {
        fails("folder " + folder + " holds no data set; expected the IDX files", "CLASS/*.png");
        Files.createDirectories(folder.resolve("unrelated"));
        fails("folder " + folder + " holds no data set");
        Files.delete(folder.resolve("unrelated"));
        for (int i = 0; i < 6; i++) {
            grey("a/" + i + ".png", 2, 2, 0);
        }
        fails("folder " + folder + " has the only class [a], expected at least two");
        grey("b/1.png", 2, 2, 0);
        fails("folder " + folder.resolve("b") + " has 1 PNG images, expected at least 6");
        Files.createDirectories(folder.resolve("c"));
        fails("class folder " + folder.resolve("c") + " has no .png files");
    }

    @Test
    void classesOfTrainAndTestDiffer() throws IOException {
        grey("train/a/1.png", 2, 2, 0);
        grey("train/b/1.png", 2, 2, 0);
        fails("folder " + folder.resolve("test") + " holds no data set");
        grey("test/a/1.png", 2, 2, 0);
        fails("has the classes [a, b] in train and [a] in test, expected the same");
    }

    @Test
    void specThatIsNothing() {
        for (String spec : new String[] {null, "", " ", folder.resolve("absent").toString(), "Embedded"}) {
            assertThatThrownBy(() -> ImageDatasets.load(spec))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("data set \"" + spec + "\" is unknown, expected embedded, fashion-mnist or an existing"
                            + " folder");
        }
    }
}
