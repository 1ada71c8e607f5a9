// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import static io.github.dl4jpooling.zoo.swap.TestNetworks.features;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.labels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.layers.conf.MixedPooling;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A swap that keeps the function, but adds parameters in the middle of the others: the next step of training changes
 * the others as it would have without the swap, which takes Adam's moments and the iteration of its schedule.
 */
class FurtherTrainingTest {
    private static final Pooling MAXIMUM =
            Pooling.of("all maximum", () -> new MixedPooling.Builder().initialProportion(1));

    private final INDArray x = features(4, 2, 12, 12);
    private final INDArray y = labels(4, TestNetworks.CLASSES);

    private static void assertNear(Map<String, INDArray> actual, Map<String, INDArray> expected) {
        assertThat(actual.size()).isGreaterThan(expected.size());
        expected.forEach((name, array) -> assertThat(actual.get(name).dup().data().asDouble()).as(name)
                .containsExactly(array.dup().data().asDouble(), within(1e-6)));
    }

    @Test
    void layers() {
        MultiLayerNetwork network = TestNetworks.images();
        for (int i = 0; i < 3; i++) {
            network.fit(x, y);
        }
        MultiLayerNetwork swapped = PoolingSwap.to(MAXIMUM).apply(network).network();
        network.fit(x, y);
        swapped.fit(x, y);
        assertThat(swapped.getIterationCount()).isEqualTo(4);
        assertNear(swapped.paramTable(), network.paramTable());
    }

    @Test
    void graph() {
        ComputationGraph graph = new ComputationGraph(TestNetworks.graph());
        graph.init();
        INDArray[] inputs = {x};
        INDArray[] labels = {y};
        for (int i = 0; i < 3; i++) {
            graph.fit(inputs, labels);
        }
        ComputationGraph swapped =
                PoolingSwap.to(MAXIMUM).ofPooling("max").apply(graph).network();
        graph.fit(inputs, labels);
        swapped.fit(inputs, labels);
        assertThat(swapped.getIterationCount()).isEqualTo(4);
        assertNear(swapped.paramTable(), graph.paramTable());
    }
}
