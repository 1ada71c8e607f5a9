// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.layers.conf.DeformablePooling;
import io.github.dl4jpooling.layers.conf.LipPooling;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Every model with every pooling that the literature compares: makes a network that runs, trains, saves and loads.
 * {@code -Dzoo.models} and {@code -Dzoo.poolings}, regular expressions, restrict the test.
 */
class EveryModelEveryPoolingTest {
    private static final List<Optional<Pooling>> POOLINGS = List.of(
            Optional.empty(),
            Optional.of(Pooling.max()),
            Optional.of(Pooling.average()),
            Optional.of(Pooling.soft()),
            Optional.of(Pooling.named("stochastic")),
            Optional.of(Pooling.named("mixed")),
            Optional.of(Pooling.named("gated")),
            Optional.of(Pooling.named("dpp")),
            Optional.of(Pooling.named("power_average")),
            Optional.of(Pooling.of("lip", LipPooling.Builder::new)),
            Optional.of(Pooling.of("deformable", DeformablePooling.Builder::new)));

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> smallModels() {
        return tests(ZooCase.quick());
    }

    @TestFactory
    @Tag("long")
    Stream<DynamicTest> largeModels() {
        return tests(ZooCase.slow());
    }

    private Stream<DynamicTest> tests(List<ZooCase> models) {
        return models.stream()
                .filter(model -> model.name().matches(System.getProperty("zoo.models", ".*")))
                .flatMap(model -> POOLINGS.stream()
                        .filter(pooling -> name(pooling).matches(System.getProperty("zoo.poolings", ".*")))
                        .map(pooling -> DynamicTest.dynamicTest(
                                model + " with " + name(pooling), () -> check(model, pooling))));
    }

    private static String name(Optional<Pooling> pooling) {
        return pooling.map(Pooling::name).orElse("its own pooling");
    }

    private void check(ZooCase zooCase, Optional<Pooling> pooling) throws IOException {
        ModelBuilder<?> builder = zooCase.builder();
        pooling.ifPresent(builder::pooling);
        PooledModel<?> model = builder.build();
        Model network = model.init();
        INDArray[] inputs = zooCase.inputs();
        INDArray labels = zooCase.labels();
        assertThat(ZooCase.output(network, inputs).isNaN().any()).isFalse();
        INDArray before = network.params().dup();
        ZooCase.fit(network, inputs, labels);
        assertThat(network.score()).isFinite();
        assertThat(network.params().equals(before)).as("training left all parameters as they were").isFalse();
        INDArray output = ZooCase.output(network, inputs);
        assertThat(output.isNaN().any()).isFalse();
        File file = folder.resolve("network.zip").toFile();
        ZooCase.save(network, file);
        Model loaded = ZooCase.load(network, file);
        assertThat(ZooCase.output(loaded, inputs).data().asFloat()).isEqualTo(output.data().asFloat());
        if (pooling.isPresent()) {
            assertThat(model.swapReport().orElseThrow().swapped())
                    .isNotEmpty()
                    .allMatch(entry -> entry.after().equals(pooling.get().name()));
        }
        ZooCase.close(network);
        ZooCase.close(loaded);
    }
}
