// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.see;

import io.github.dl4jpooling.zoo.cli.CommandException;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** An image as planes [channel][row][column] of values from 0 to 1: one if it is grey, else red, green, blue. */
final class SeenImage {
    /** Most pixels of an image. */
    static final int MOST_PIXELS = 1 << 22;

    private static final int EXAMPLE = 0; // an ankle boot
    private static final float WHITE = 255;

    private final String name;
    private final float[][][] planes;

    SeenImage(String name, float[][]... planes) {
        this.name = name;
        this.planes = planes;
    }

    /** The embedded image. */
    static SeenImage example() throws IOException {
        byte[] pixels = ImageDatasets.load(ImageDatasets.EMBEDDED).test().pixels(EXAMPLE);
        int size = (int) Math.sqrt(pixels.length);
        float[][] plane = new float[size][size];
        for (int i = 0; i < pixels.length; i++) {
            plane[i / size][i % size] = (pixels[i] & 0xff) / WHITE;
        }
        return new SeenImage("an image of Fashion-MNIST", plane);
    }

    /** @throws CommandException if there is no such file, it is no image, or the image is too large */
    static SeenImage read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CommandException(file + (Files.exists(file) ? " is not a file" : " does not exist"));
        }
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new CommandException(file + " is not an image in a format that Java reads: " + formats());
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getHeight(0) * reader.getWidth(0);
                if (pixels > MOST_PIXELS) {
                    throw new CommandException(file + " has " + reader.getWidth(0) + " x " + reader.getHeight(0)
                            + " pixels, expected at most " + MOST_PIXELS + " in all; cut it or make it smaller");
                }
                return new SeenImage(file.getFileName().toString(), planes(reader.read(0)));
            } finally {
                reader.dispose();
            }
        } catch (CommandException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // readers throw both at damaged files
            throw new CommandException(file + " cannot be read as an image: " + e.getMessage(), e);
        }
    }

    private static String formats() {
        return Stream.of(ImageIO.getReaderFormatNames()).map(String::toLowerCase)
                .collect(Collectors.toCollection(TreeSet::new)).toString();
    }

    private static float[][][] planes(BufferedImage image) {
        boolean grey = image.getColorModel().getNumColorComponents() == 1
                && !(image.getColorModel() instanceof IndexColorModel);
        if (grey) {
            // Not getRGB: it would convert grey values from Java's linear grey colour space.
            float white = (1 << image.getColorModel().getComponentSize(0)) - 1;
            Raster raster = image.getRaster();
            return new float[][][] {plane(image, (x, y) -> raster.getSample(x, y, 0) / white)};
        }
        BufferedImage onWhite = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = onWhite.createGraphics();
        graphics.drawImage(image, 0, 0, Color.WHITE, null);
        graphics.dispose();
        float[][][] planes = new float[3][][];
        for (int c = 0; c < planes.length; c++) {
            int shift = 16 - Byte.SIZE * c;
            planes[c] = plane(onWhite, (x, y) -> (onWhite.getRGB(x, y) >> shift & 0xff) / WHITE);
        }
        return planes;
    }

    private static float[][] plane(BufferedImage image, Sample sample) {
        float[][] plane = new float[image.getHeight()][image.getWidth()];
        for (int y = 0; y < plane.length; y++) {
            for (int x = 0; x < plane[y].length; x++) {
                plane[y][x] = sample.at(x, y);
            }
        }
        return plane;
    }

    /** For people to read. */
    String name() {
        return name;
    }

    float[][][] planes() {
        return planes;
    }

    int height() {
        return planes[0].length;
    }

    int width() {
        return planes[0][0].length;
    }

    @Override
    public String toString() {
        return name + ", " + width() + " x " + height() + " pixels, " + (planes.length == 1 ? "grey" : "coloured");
    }

    private interface Sample {
        float at(int x, int y);
    }
}
