// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Configurations travel to Spark's executors by Java's own serialization. */
class JavaSerializationTest {

    private static Object sent(Object object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    @TestFactory
    Stream<DynamicTest> layers() {
        return LayerExamples.networks().entrySet().stream().map(network -> DynamicTest.dynamicTest(network.getKey(),
                () -> {
                    MultiLayerNetwork original = network.getValue();
                    assertThat(sent(original.getLayerWiseConfigurations()))
                            .isEqualTo(original.getLayerWiseConfigurations());
                }));
    }

    @Test
    void vertices() throws Exception {
        Object configuration = VertexExamples.network().getConfiguration();
        assertThat(sent(configuration)).isEqualTo(configuration);
    }
}
