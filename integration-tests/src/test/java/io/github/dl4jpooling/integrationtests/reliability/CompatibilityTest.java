// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.zoo.catalogue.LayerClasses;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Models that any release saved still load and compute what they did. The system property {@value #WRITE} names a
 * release and writes its files; see CONTRIBUTING.md.
 */
class CompatibilityTest {

    private static final String WRITE = "compatibility.write";
    private static final int SEED = 5;

    private static INDArray layerResult(MultiLayerNetwork network) {
        Nd4j.getRandom().setSeed(SEED);
        return network.output(LayerExamples.input(network));
    }

    private static Map<String, INDArray> vertexResults(ComputationGraph network) {
        Nd4j.getRandom().setSeed(SEED);
        INDArray[] outputs = network.output(VertexExamples.inputs());
        Map<String, INDArray> results = new LinkedHashMap<>();
        for (int i = 0; i < outputs.length; i++) {
            results.put(network.getConfiguration().getNetworkOutputs().get(i), outputs[i]);
        }
        return results;
    }

    private static INDArray opResult(SameDiff graph, String name) {
        Nd4j.getRandom().setSeed(SEED);
        return graph.output(Collections.emptyMap(), name).get(name);
    }

    private static Map<String, Digest> results(ReleaseFiles release) throws IOException {
        Map<String, Digest> results = new LinkedHashMap<>();
        release.readLayers().forEach((name, network) -> results.put(name, Digest.of(layerResult(network))));
        vertexResults(release.readVertices()).forEach((name, result) -> results.put(name, Digest.of(result)));
        SameDiff graph = release.readOps();
        Stream.of(graph.ops()).flatMap(op -> Stream.of(op.outputVariablesNames()[0]))
                .forEach(name -> results.put(name, Digest.of(opResult(graph, name))));
        return results;
    }

    @Test
    @EnabledIfSystemProperty(named = WRITE, matches = ".+")
    void write() throws IOException {
        ReleaseFiles release = ReleaseFiles.create(System.getProperty(WRITE));
        release.writeLayers(LayerExamples.networks());
        release.writeVertices(VertexExamples.network());
        release.writeOps(OpExamples.graph());
        release.writeNames(StoredNames.all());
        Map<String, Digest> results = results(release);
        release.writeResults(results);
        TreeSet<String> absent = LayerClasses.all().stream().map(Class::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));
        absent.removeAll(results.keySet());
        absent.remove("AuxiliaryLoss"); // a layer in the network of vertices, in front of AttachVertex
        assertThat(absent).as("layers and vertices that are in no file: add them to VertexExamples").isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> layers() {
        return ReleaseFiles.all().stream().flatMap(release -> {
            Map<String, Digest> results = release.readResults();
            return release.readLayers().entrySet().stream().map(layer -> DynamicTest.dynamicTest(
                    release.version() + " " + layer.getKey(),
                    () -> results.get(layer.getKey()).check(layerResult(layer.getValue()))));
        });
    }

    @TestFactory
    Stream<DynamicTest> vertices() {
        return ReleaseFiles.all().stream().map(release -> DynamicTest.dynamicTest(release.version(), () -> {
            Map<String, Digest> results = release.readResults();
            vertexResults(release.readVertices()).forEach((name, result) -> {
                assertThat(results).containsKey(name);
                results.get(name).check(result);
            });
        }));
    }

    @TestFactory
    Stream<DynamicTest> ops() {
        return ReleaseFiles.all().stream().map(release -> DynamicTest.dynamicTest(release.version(), () -> {
            SameDiff graph = release.readOps();
            Map<String, Digest> results = release.readResults();
            results.entrySet().stream().filter(result -> graph.hasVariable(result.getKey())).forEach(
                    result -> result.getValue().check(opResult(graph, result.getKey())));
            assertThat(results.keySet()).filteredOn(graph::hasVariable).hasSizeGreaterThan(graph.ops().length - 1);
        }));
    }

    @TestFactory
    Stream<DynamicTest> names() {
        return ReleaseFiles.all().stream().map(release -> DynamicTest.dynamicTest(release.version(), () -> {
            Map<String, Object> missing = new LinkedHashMap<>();
            for (String line : release.readNames()) {
                if (!StoredNames.missing(line).isEmpty()) {
                    missing.put(line, StoredNames.missing(line));
                }
            }
            assertThat(missing).as("What models saved by release %s hold and what is missing of it now: keep it, or "
                    + "see that the old name can be read too", release.version()).isEmpty();
        }));
    }
}
