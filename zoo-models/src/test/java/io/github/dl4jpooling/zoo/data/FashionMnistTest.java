// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {
    private static final String[] THREE_WAYS = {
        "(1)", "dataset-fashion-mnist", "(2)", "-Dpooling.data=DIR", "POOLING_DATA", "(3)", "-Dpooling.data.url"
    };

    private final LabelledImages train = TestImages.random(20, 10, 1, 4, 4);
    private final LabelledImages test = TestImages.random(10, 10, 1, 4, 4);
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, byte[]> served = new TreeMap<>();
    private final Map<String, String> sha256 = new HashMap<>();
    private HttpServer server;

    @TempDir
    private Path folder;

    private Path named;
    private Path cache;
    private Path debian;

    @BeforeEach
    void setUp() throws IOException {
        named = Files.createDirectories(folder.resolve("named"));
        cache = folder.resolve("home/.dl4j-pooling/fashion-mnist");
        debian = folder.resolve("debian");
        properties.put("user.home", folder.resolve("home").toString());
        IdxWriter.write(train, test, named);
        for (String name : IdxDataset.NAMES) {
            sha256.put(name, IdxDataset.open(named, name, name.contains("idx3") ? 3 : 1).sha256());
            served.put("/base/" + name + ".gz", Files.readAllBytes(named.resolve(name + ".gz")));
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = served.get(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            if (body != null) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        properties.put(FashionMnist.URL_PROPERTY, "http://localhost:" + server.getAddress().getPort() + "/base");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private ImageDataset load() throws IOException {
        return new FashionMnist(properties::get, environment::get, debian, sha256).full();
    }

    private void assertLoadedFrom(Path from) throws IOException {
        ImageDataset dataset = load();
        assertThat(dataset.source()).isEqualTo("Fashion-MNIST from " + from);
        assertThat(dataset.train().classNames()).isEqualTo(FashionMnist.CLASS_NAMES);
        assertThat(IdxWriter.images(dataset.train())).isEqualTo(IdxWriter.images(train));
        assertThat(IdxWriter.labels(dataset.test())).isEqualTo(IdxWriter.labels(test));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (String name : IdxDataset.NAMES) {
            Files.copy(from.resolve(name + ".gz"), to.resolve(name + ".gz"));
        }
    }

    @Test
    void embeddedHas1000TrainingAnd200TestImagesOfEachClass() throws IOException {
        ImageDataset dataset = ImageDatasets.load(ImageDatasets.EMBEDDED);
        assertThat(dataset).hasToString("Fashion-MNIST, embedded subset (Zalando SE, MIT licence): 10000 training and"
                + " 2000 test images of 1 x 28 x 28 in 10 classes");
        assertThat(dataset.train().classCounts()).hasSize(10).containsOnly(1000);
        assertThat(dataset.test().classCounts()).hasSize(10).containsOnly(200);
        // The first image of the official training set is an ankle boot, of the test set too.
        assertThat(dataset.train().classNames().get(dataset.train().label(0))).isEqualTo("Ankle boot");
        assertThat(dataset.test().classNames().get(dataset.test().label(0))).isEqualTo("Ankle boot");
        double mean = dataset.train().batch(IntStream.range(0, 10_000).toArray())
                .getFeatures().meanNumber().doubleValue();
        // The published mean of the training pixels.
        assertThat(mean).isBetween(0.2860 - 0.003, 0.2860 + 0.003);
    }

    @Test
    void embeddedComesWithItsLicence() throws IOException {
        try (InputStream in = FashionMnist.class.getResourceAsStream("fashion-mnist/LICENSE.txt")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("Copyright (c) 2017 Zalando SE", "Permission is hereby granted, free of charge");
        }
    }

    @Test
    void embeddedIsTheDocumentedSubsetOfTheFullSet() throws IOException {
        Path full = Path.of(System.getProperty(FashionMnist.FOLDER_PROPERTY, FashionMnist.DEBIAN_FOLDER.toString()));
        assumeTrue(Files.isDirectory(full), "full Fashion-MNIST is not installed: no folder " + full);
        ImageDataset expected = FashionMnistSubsetWriter.subset(full);
        ImageDataset actual = FashionMnist.embedded();
        assertThat(Arrays.equals(IdxWriter.images(actual.train()), IdxWriter.images(expected.train()))).isTrue();
        assertThat(Arrays.equals(IdxWriter.images(actual.test()), IdxWriter.images(expected.test()))).isTrue();
        assertThat(IdxWriter.labels(actual.train())).isEqualTo(IdxWriter.labels(expected.train()));
        assertThat(IdxWriter.labels(actual.test())).isEqualTo(IdxWriter.labels(expected.test()));
    }

    @Test
    void foldersAreSearchedInTheDocumentedOrderAndOnlyRead() throws IOException {
        Path byVariable = folder.resolve("variable");
        copy(named, byVariable);
        copy(named, cache);
        copy(named, debian);
        served.clear();
        Map<String, ByteBuffer> before = TestImages.snapshot(folder);
        properties.put("pooling.data", named.toString());
        environment.put("POOLING_DATA", byVariable.toString());
        assertLoadedFrom(named);
        properties.remove("pooling.data");
        assertLoadedFrom(byVariable);
        environment.clear();
        assertLoadedFrom(cache);
        assertThat(TestImages.snapshot(folder)).isEqualTo(before);
        Files.delete(cache.resolve(IdxDataset.TRAIN_LABELS + ".gz"));
        assertLoadedFrom(debian);
    }

    @Test
    void namedFolderWithoutTheFilesIsRefusedNotPassedOver() throws IOException {
        copy(named, debian);
        Files.delete(named.resolve(IdxDataset.TRAIN_IMAGES + ".gz"));
        environment.put("POOLING_DATA", named.toString());
        assertThatThrownBy(this::load)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("POOLING_DATA names the folder " + named)
                .hasMessageContaining("has no [train-images-idx3-ubyte]");
        properties.put("pooling.data", folder.resolve("absent").toString());
        assertThatThrownBy(this::load)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("-Dpooling.data names the folder " + folder.resolve("absent"));
    }

    @Test
    void otherImagesThanThePublishedOnesAreRefused() throws IOException {
        Path file = named.resolve(IdxDataset.TRAIN_IMAGES + ".gz");
        Files.write(file, IdxWriter.gzip(IdxWriter.images(TestImages.random(20, 10, 1, 4, 5))));
        properties.put("pooling.data", named.toString());
        Map<String, ByteBuffer> before = TestImages.snapshot(folder);
        assertThatThrownBy(this::load)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " is not the published file")
                .hasMessageContaining("expected " + sha256.get(IdxDataset.TRAIN_IMAGES));
        assertThat(TestImages.snapshot(folder)).isEqualTo(before);
    }

    @Test
    void downloadsOnceAndOnlyWhatIsMissing() throws IOException {
        Files.createDirectories(cache);
        String labels = IdxDataset.TEST_LABELS + ".gz";
        Files.move(named.resolve(labels), cache.resolve(labels));
        served.remove("/base/" + labels);
        assertLoadedFrom(cache);
        assertThat(cache).isDirectoryContaining("glob:**" + labels);
        assertThat(cache.toFile().list()).containsExactlyInAnyOrder(
                IdxDataset.NAMES.stream().map(name -> name + ".gz").toArray(String[]::new));
        served.clear();
        assertLoadedFrom(cache);
    }

    private void downloadFails(String... parts) {
        assertThatThrownBy(this::load)
                .isInstanceOf(IOException.class)
                .message()
                .contains(THREE_WAYS)
                .contains(debian.toString(), properties.get(FashionMnist.URL_PROPERTY))
                .contains(parts);
    }

    private void nothingIsStored() {
        assertThat(cache.toFile().list()).allMatch(name -> name.endsWith(".lock"));
    }

    @Test
    void absentAtTheAddress() {
        served.clear();
        downloadFails("/base/train-images-idx3-ubyte.gz: HTTP status 404, expected 200");
        nothingIsStored();
    }

    @Test
    void corruptedDownloadIsNeverStored() {
        String file = "/base/" + IdxDataset.TRAIN_IMAGES + ".gz";
        served.put(file, IdxWriter.gzip(IdxWriter.images(TestImages.random(20, 10, 1, 4, 5))));
        downloadFails(file + " is not the published file", "SHA-256");
        served.put(file, Arrays.copyOf(served.get(file), 100));
        downloadFails(file + " is cut off");
        served.put(file, "<html>please log in to this network</html>".getBytes(StandardCharsets.UTF_8));
        downloadFails(file + " begins with 0x3c68746d, expected the magic number 0x00000803");
        nothingIsStored();
    }

    @Test
    void nobodyAnswers() {
        server.stop(0);
        downloadFails("/base/train-images-idx3-ubyte.gz: ");
        properties.put(FashionMnist.URL_PROPERTY, "http://nowhere.invalid/base");
        downloadFails("http://nowhere.invalid/base/train-images-idx3-ubyte.gz: ");
        properties.put(FashionMnist.URL_PROPERTY, "not an address");
        downloadFails("not an address/train-images-idx3-ubyte.gz: ");
    }

    @Test
    void cacheThatCannotBeWritten() throws IOException {
        Files.createDirectories(cache.getParent());
        Files.writeString(cache, "a file where the folder should be");
        downloadFails("cannot write " + cache);
    }

    @Test
    void frontDoorLeadsHere() {
        String before = System.getProperty(FashionMnist.FOLDER_PROPERTY);
        System.setProperty(FashionMnist.FOLDER_PROPERTY, folder.resolve("absent").toString());
        try {
            assertThatThrownBy(() -> ImageDatasets.load(ImageDatasets.FASHION_MNIST))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("-Dpooling.data names the folder");
        } finally {
            if (before == null) {
                System.clearProperty(FashionMnist.FOLDER_PROPERTY);
            } else {
                System.setProperty(FashionMnist.FOLDER_PROPERTY, before);
            }
        }
    }
}
