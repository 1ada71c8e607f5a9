// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.samediff;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.ForkedJvm;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Graphs with every operator survive being copied, saved and loaded, also by a process that knows nothing of them. */
class SavedGraphTest {

    private final SameDiff graph = FamilyGraph.create(DataType.DOUBLE);

    @TempDir
    private Path folder;

    @Test
    void duplicate() {
        assertSameResults(FamilyGraph.run(graph.dup()), FamilyGraph.run(graph));
    }

    @Test
    void duplicateOfGraphWithGradients() {
        graph.createGradFunction();
        assertSameResults(FamilyGraph.run(graph.dup()), FamilyGraph.run(graph));
    }

    @Test
    void saveAndLoad() {
        File file = folder.resolve("graph.fb").toFile();
        graph.save(file, true);
        assertSameResults(FamilyGraph.run(SameDiff.load(file, true)), FamilyGraph.run(graph));
    }

    @Test
    void saveAndLoadTwice() throws IOException {
        File first = folder.resolve("first.fb").toFile();
        File second = folder.resolve("second.fb").toFile();
        graph.save(first, false);
        SameDiff.load(first, false).asFlatFile(second);
        assertSameResults(FamilyGraph.run(SameDiff.fromFlatFile(second)), FamilyGraph.run(graph));
    }

    @Test
    void loadingIsTheFirstCallOfAJvm() throws IOException {
        File file = folder.resolve("graph.fb").toFile();
        graph.save(file, true);
        Path results = folder.resolve("results.npz");

        String output = ForkedJvm.run(
                LoadAndRun.class, Collections.emptyList(), file.toString(), results.toString());

        Map<String, INDArray> expected = FamilyGraph.run(graph);
        for (Map.Entry<String, INDArray> entry : expected.entrySet()) {
            File array = new File(results + "." + entry.getKey());
            assertThat(array).as(output).exists();
            Comparison.assertSameBits(entry.getKey(), Nd4j.readBinary(array), entry.getValue());
        }
    }

    private static void assertSameResults(Map<String, INDArray> actual, Map<String, INDArray> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, array) -> Comparison.assertSameBits(name, actual.get(name), array));
    }

    /** What runs in the other JVM. */
    public static final class LoadAndRun {

        private LoadAndRun() {}

        public static void main(String[] arguments) throws IOException {
            SameDiff graph = SameDiff.load(new File(arguments[0]), true);
            for (Map.Entry<String, INDArray> entry : FamilyGraph.run(graph).entrySet()) {
                Nd4j.saveBinary(entry.getValue(), new File(arguments[1] + "." + entry.getKey()));
            }
        }
    }
}
