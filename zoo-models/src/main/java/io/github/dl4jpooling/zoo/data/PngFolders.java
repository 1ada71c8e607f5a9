// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A data set of PNG images, one folder per class: FOLDER/train/CLASS/*.png with FOLDER/test/CLASS/*.png, or
 * FOLDER/CLASS/*.png, of which every sixth image of a class, in the order of the file names, is a test image.
 *
 * <p>Pixels keep their stored values: 16 bits are cut to the upper 8, transparency and colour profiles are ignored.
 * The data set is grey if all images are, else RGB.
 */
final class PngFolders {
    private static final int TEST_EVERY = 6;

    private final Path folder;
    private final List<String> classNames = new ArrayList<>();
    private final List<Path> trainFiles = new ArrayList<>();
    private final List<Integer> trainLabels = new ArrayList<>();
    private final List<Path> testFiles = new ArrayList<>();
    private final List<Integer> testLabels = new ArrayList<>();
    private Path first;
    private int height;
    private int width;

    private PngFolders(Path folder) {
        this.folder = folder;
    }

    static ImageDataset read(Path folder) throws IOException {
        return new PngFolders(folder).read();
    }

    private ImageDataset read() throws IOException {
        Path train = folder.resolve("train");
        Path test = folder.resolve("test");
        boolean divided = holdsFolders(train) || holdsFolders(test);
        if (divided) {
            collectDivided(classFolders(train), classFolders(test));
        } else {
            collectUndivided(classFolders(folder));
        }
        if (classNames.size() < 2) {
            throw new IOException("folder " + folder + " has the only class " + classNames
                    + ", expected at least two class folders");
        }
        List<byte[]> trainPixels = decode(trainFiles);
        List<byte[]> testPixels = decode(testFiles);
        int plane = height * width;
        boolean grey = Stream.concat(trainPixels.stream(), testPixels.stream()).allMatch(p -> p.length == plane);
        return new ImageDataset(
                labelled(trainPixels, trainLabels, grey ? 1 : 3),
                labelled(testPixels, testLabels, grey ? 1 : 3),
                "PNG images in " + folder + (divided ? "" : ", every sixth of a class for testing"));
    }

    private void collectDivided(Map<String, List<Path>> train, Map<String, List<Path>> test) throws IOException {
        if (!train.keySet().equals(test.keySet())) {
            throw new IOException("folder " + folder + " has the classes " + train.keySet() + " in train and "
                    + test.keySet() + " in test, expected the same");
        }
        for (String name : train.keySet()) {
            train.get(name).forEach(file -> add(file, trainFiles, trainLabels));
            test.get(name).forEach(file -> add(file, testFiles, testLabels));
            classNames.add(name);
        }
    }

    private void collectUndivided(Map<String, List<Path>> classes) throws IOException {
        for (Map.Entry<String, List<Path>> entry : classes.entrySet()) {
            List<Path> files = entry.getValue();
            if (files.size() < TEST_EVERY) {
                throw new IOException("folder " + folder.resolve(entry.getKey()) + " has " + files.size()
                        + " PNG images, expected at least " + TEST_EVERY + ", one of them for testing; or divide them"
                        + " into " + folder.resolve("train") + " and " + folder.resolve("test"));
            }
            for (int i = 0; i < files.size(); i++) {
                boolean test = i % TEST_EVERY == TEST_EVERY - 1;
                add(files.get(i), test ? testFiles : trainFiles, test ? testLabels : trainLabels);
            }
            classNames.add(entry.getKey());
        }
    }

    private void add(Path file, List<Path> files, List<Integer> labels) {
        files.add(file);
        labels.add(classNames.size());
    }

    private Map<String, List<Path>> classFolders(Path parent) throws IOException {
        Map<String, List<Path>> classes = new TreeMap<>();
        if (Files.isDirectory(parent)) {
            for (Path classFolder : list(parent, Files::isDirectory)) {
                classes.put(classFolder.getFileName().toString(), list(classFolder, PngFolders::isPng));
            }
        }
        if (classes.values().stream().allMatch(List::isEmpty)) {
            throw new IOException("folder " + parent + " holds no data set; expected the IDX files "
                    + IdxDataset.NAMES + " (unpacked or .gz), or folders CLASS/*.png, or train/CLASS/*.png and"
                    + " test/CLASS/*.png");
        }
        for (Map.Entry<String, List<Path>> entry : classes.entrySet()) {
            if (entry.getValue().isEmpty()) {
                throw new IOException("class folder " + parent.resolve(entry.getKey())
                        + " has no .png files, expected at least one");
            }
        }
        return classes;
    }

    private static boolean holdsFolders(Path parent) throws IOException {
        return Files.isDirectory(parent) && !list(parent, Files::isDirectory).isEmpty();
    }

    private static boolean isPng(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".png") && Files.isRegularFile(file);
    }

    /** What of the folder fits, without hidden entries, sorted by name whatever the file system's order is. */
    private static List<Path> list(Path parent, Predicate<Path> wanted) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(path -> !path.getFileName().toString().startsWith("."))
                    .filter(wanted)
                    .sorted((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()))
                    .collect(Collectors.toList());
        }
    }

    private List<byte[]> decode(List<Path> files) throws IOException {
        List<byte[]> pixels = new ArrayList<>(files.size());
        for (Path file : files) {
            pixels.add(decode(file));
        }
        return pixels;
    }

    private byte[] decode(Path file) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            reader.setInput(in, true, true);
            checkSize(file, reader.getHeight(0), reader.getWidth(0));
            return samples(reader.read(0));
        } catch (WrongSizeException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new IOException(file + " cannot be read, expected a valid PNG image: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    private void checkSize(Path file, int fileHeight, int fileWidth) throws WrongSizeException {
        if (first == null) {
            long images = (long) trainFiles.size() + testFiles.size();
            if ((double) images * 3 * fileHeight * fileWidth > LabelledImages.MAX_BYTES) {
                throw new WrongSizeException(file + " has " + fileHeight + " x " + fileWidth + " pixels, too many for "
                        + images + " images in memory; expected at most " + LabelledImages.MAX_BYTES + " bytes");
            }
            first = file;
            height = fileHeight;
            width = fileWidth;
        } else if (fileHeight != height || fileWidth != width) {
            throw new WrongSizeException(file + " has " + fileHeight + " x " + fileWidth + " pixels (height x width),"
                    + " expected " + height + " x " + width + " as in " + first);
        }
    }

    /** One plane if the image is grey, else the planes red, green, blue. */
    private static byte[] samples(BufferedImage image) {
        boolean palette = image.getColorModel() instanceof IndexColorModel;
        boolean grey = palette
                ? isGrey((IndexColorModel) image.getColorModel())
                : image.getColorModel().getNumColorComponents() == 1;
        int plane = image.getHeight() * image.getWidth();
        byte[] samples = new byte[grey ? plane : 3 * plane];
        for (int i = 0; i < samples.length; i++) {
            int band = i / plane;
            int x = i % plane % image.getWidth();
            int y = i % plane / image.getWidth();
            if (palette) {
                samples[i] = (byte) (image.getRGB(x, y) >> (16 - Byte.SIZE * band));
            } else {
                // Not getRGB: it would convert grey values from Java's linear grey colour space.
                int shift = image.getColorModel().getComponentSize(band) - Byte.SIZE;
                samples[i] = (byte) (image.getRaster().getSample(x, y, band) >> shift);
            }
        }
        return samples;
    }

    private static boolean isGrey(IndexColorModel palette) {
        for (int i = 0; i < palette.getMapSize(); i++) {
            if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
                return false;
            }
        }
        return true;
    }

    private LabelledImages labelled(List<byte[]> images, List<Integer> labels, int channels) {
        int plane = height * width;
        byte[] pixels = new byte[images.size() * channels * plane];
        for (int i = 0; i < images.size(); i++) {
            byte[] image = images.get(i);
            for (int c = 0; c < channels; c++) {
                int from = image.length == plane ? 0 : c * plane;
                System.arraycopy(image, from, pixels, (i * channels + c) * plane, plane);
            }
        }
        int[] classes = labels.stream().mapToInt(Integer::intValue).toArray();
        return new LabelledImages(pixels, classes, classNames, channels, height, width);
    }

    /** Tells a finding of ours from what the PNG reader throws. */
    private static final class WrongSizeException extends IOException {
        private static final long serialVersionUID = 1L;

        WrongSizeException(String message) {
            super(message);
        }
    }
}
