// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * What a release saved: networks with every layer, one with every vertex, a graph with every op, what they computed,
 * and the names that such files hold. One folder a release.
 */
final class ReleaseFiles {

    private static final String RESOURCE = "compatibility";

    private final Path folder;

    private ReleaseFiles(Path folder) {
        this.folder = folder;
    }

    /** Those of all releases. */
    static List<ReleaseFiles> all() {
        try (Stream<Path> folders = Files.list(Path.of(Objects.requireNonNull(
                ReleaseFiles.class.getResource("/" + RESOURCE), "no files of any release").toURI()))) {
            return folders.sorted().map(ReleaseFiles::new).collect(Collectors.toList());
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("cannot list the files of releases", e);
        }
    }

    /** Those of a release that is being made, in the sources. */
    static ReleaseFiles create(String version) throws IOException {
        return new ReleaseFiles(Files.createDirectories(Path.of("src", "test", "resources", RESOURCE, version)));
    }

    String version() {
        return folder.getFileName().toString();
    }

    private Path layers() {
        return folder.resolve("layers.zip");
    }

    private Path vertices() {
        return folder.resolve("vertices.zip");
    }

    private Path ops() {
        return folder.resolve("ops.fb.gz");
    }

    private Path results() {
        return folder.resolve("results.txt");
    }

    private Path names() {
        return folder.resolve("names.txt");
    }

    /** A file of files: one saved network a layer. */
    void writeLayers(Map<String, MultiLayerNetwork> networks) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(layers()))) {
            for (Map.Entry<String, MultiLayerNetwork> network : networks.entrySet()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                ModelSerializer.writeModel(network.getValue(), bytes, false);
                ZipEntry entry = new ZipEntry(network.getKey());
                entry.setLastModifiedTime(FileTime.fromMillis(0));
                zip.putNextEntry(entry);
                zip.write(bytes.toByteArray());
            }
        }
    }

    Map<String, MultiLayerNetwork> readLayers() {
        Map<String, MultiLayerNetwork> networks = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(layers()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                networks.put(entry.getName(), ModelSerializer.restoreMultiLayerNetwork(
                        new ByteArrayInputStream(zip.readAllBytes()), false));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return networks;
    }

    void writeVertices(ComputationGraph network) throws IOException {
        ModelSerializer.writeModel(network, vertices().toFile(), false);
    }

    ComputationGraph readVertices() throws IOException {
        return ModelSerializer.restoreComputationGraph(vertices().toFile(), false);
    }

    void writeOps(SameDiff graph) throws IOException {
        Path plain = Files.createTempFile("ops", ".fb");
        graph.save(plain.toFile(), false);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(ops()))) {
            Files.copy(plain, out);
        }
        Files.delete(plain);
    }

    SameDiff readOps() throws IOException {
        Path plain = Files.createTempFile("ops", ".fb");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(ops()))) {
            Files.write(plain, in.readAllBytes());
            return SameDiff.load(plain.toFile(), false);
        } finally {
            Files.delete(plain);
        }
    }

    void writeResults(Map<String, Digest> results) throws IOException {
        Files.write(results(), results.entrySet().stream()
                .map(result -> result.getKey() + " " + result.getValue()).collect(Collectors.toList()));
    }

    Map<String, Digest> readResults() {
        return lines(results()).stream().map(line -> line.split(" ", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> Digest.parse(parts[1])));
    }

    void writeNames(List<String> names) throws IOException {
        Files.write(names(), names);
    }

    List<String> readNames() {
        return lines(names());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
