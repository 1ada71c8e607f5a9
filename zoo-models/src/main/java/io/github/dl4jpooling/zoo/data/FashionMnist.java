// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Finds Fashion-MNIST: the embedded subset, or the full set in a folder of this computer, or at its publisher's. */
final class FashionMnist {
    static final String FOLDER_PROPERTY = "pooling.data";
    static final String FOLDER_VARIABLE = "POOLING_DATA";
    static final String URL_PROPERTY = "pooling.data.url";
    static final Path DEBIAN_FOLDER = Path.of("/usr/share/datasets/fashion-mnist");
    static final List<String> CLASS_NAMES = List.of("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal",
            "Shirt", "Sneaker", "Bag", "Ankle boot");

    /**
     * SHA-256 of the unpacked files. Debian packs them anew (other gzip headers), so the packed files differ. Checked
     * against the MD5 sums of the packed files in the publisher's README.
     */
    static final Map<String, String> SHA256 = Map.of(
            IdxDataset.TRAIN_IMAGES, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            IdxDataset.TRAIN_LABELS, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            IdxDataset.TEST_IMAGES, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            IdxDataset.TEST_LABELS, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34");

    private static final List<String> PUBLISHER = List.of(
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com");

    private final UnaryOperator<String> properties;
    private final UnaryOperator<String> environment;
    private final Path debianFolder;
    private final Map<String, String> sha256;

    FashionMnist() {
        this(System::getProperty, System::getenv, DEBIAN_FOLDER, SHA256);
    }

    /** Everything that comes from outside, so that tests can set it. */
    FashionMnist(UnaryOperator<String> properties, UnaryOperator<String> environment, Path debianFolder,
            Map<String, String> sha256) {
        this.properties = properties;
        this.environment = environment;
        this.debianFolder = debianFolder;
        this.sha256 = sha256;
    }

    /** The subset in this jar. */
    static ImageDataset embedded() throws IOException {
        return IdxDataset.read(FashionMnist::openEmbedded, CLASS_NAMES,
                "Fashion-MNIST, embedded subset (Zalando SE, MIT licence)");
    }

    private static IdxFile openEmbedded(String name, int dimensions) throws IOException {
        String resource = "fashion-mnist/" + name + ".gz";
        try (InputStream in = FashionMnist.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("this build lacks the embedded resource " + resource);
            }
            return IdxFile.read("embedded " + resource, in, dimensions);
        }
    }

    /** The full set from the first place that has it. */
    ImageDataset full() throws IOException {
        String property = properties.apply(FOLDER_PROPERTY);
        if (isSet(property)) {
            return named(Path.of(property), "-D" + FOLDER_PROPERTY);
        }
        String variable = environment.apply(FOLDER_VARIABLE);
        if (isSet(variable)) {
            return named(Path.of(variable), FOLDER_VARIABLE);
        }
        Path own = Path.of(properties.apply("user.home"), ".dl4j-pooling", "fashion-mnist");
        if (IdxDataset.missing(own).isEmpty()) {
            return read(own);
        }
        if (IdxDataset.missing(debianFolder).isEmpty()) {
            return read(debianFolder);
        }
        download(own);
        return read(own);
    }

    private static boolean isSet(String value) {
        return value != null && !value.isBlank();
    }

    /** A folder that somebody named is used or refused, never passed over in silence. */
    private ImageDataset named(Path folder, String namedBy) throws IOException {
        List<String> missing = IdxDataset.missing(folder);
        if (!missing.isEmpty()) {
            throw new IOException(namedBy + " names the folder " + folder + ", which has no " + missing
                    + " (unpacked or .gz); expected the four files of Fashion-MNIST");
        }
        return read(folder);
    }

    private ImageDataset read(Path folder) throws IOException {
        return IdxDataset.read((name, dimensions) -> verified(IdxDataset.open(folder, name, dimensions), name),
                CLASS_NAMES, "Fashion-MNIST from " + folder);
    }

    private IdxFile verified(IdxFile file, String name) throws IOException {
        String actual = file.sha256();
        if (!actual.equals(sha256.get(name))) {
            throw new IOException(file.name() + " is not the published file: its unpacked content has the SHA-256 "
                    + actual + ", expected " + sha256.get(name));
        }
        return file;
    }

    private void download(Path folder) throws IOException {
        String override = properties.apply(URL_PROPERTY);
        List<String> bases = isSet(override) ? List.of(override) : PUBLISHER;
        try {
            for (String name : IdxDataset.missing(folder)) {
                download(bases, name, folder);
            }
        } catch (IOException e) {
            throw new IOException("Fashion-MNIST is not on this computer and could not be downloaded. One of three"
                    + " ways helps: (1) install Debian's package dataset-fashion-mnist, which fills " + debianFolder
                    + "; (2) name a folder with its four files by -D" + FOLDER_PROPERTY + "=DIR or the environment"
                    + " variable " + FOLDER_VARIABLE + "; (3) allow the download from " + String.join(" or ", bases)
                    + " (-D" + URL_PROPERTY + "=URL names another address), which failed: " + e.getMessage(), e);
        }
    }

    private void download(List<String> bases, String name, Path folder) throws IOException {
        StringBuilder failures = new StringBuilder();
        for (String base : bases) {
            String url = base + (base.endsWith("/") ? "" : "/") + name + ".gz";
            try {
                new Download(url).to(folder.resolve(name + ".gz"), file -> defect(file, url, name));
                return;
            } catch (IOException e) {
                failures.append(failures.length() == 0 ? "" : "; ").append(e.getMessage());
            }
        }
        throw new IOException(failures.toString());
    }

    /** What is wrong with a file as it came from an address. */
    private String defect(Path file, String url, String name) {
        try (InputStream in = Files.newInputStream(file)) {
            verified(IdxFile.read(url, in, name.contains("idx3") ? 3 : 1), name);
            return "";
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
