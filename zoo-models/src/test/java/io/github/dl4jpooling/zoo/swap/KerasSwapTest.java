// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import static io.github.dl4jpooling.zoo.swap.TestNetworks.assertEqual;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.features;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.layers.conf.LipPooling;
import io.github.dl4jpooling.layers.conf.MixedPooling;
import io.github.dl4jpooling.ops.Sharing;
import java.io.File;
import java.net.URISyntaxException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Networks as DL4J's KerasModelImport makes them, with the channels last. {@code keras/make.py} wrote Keras files that
 * were imported and saved.
 */
class KerasSwapTest {
    private static final Pooling MAXIMUM = Pooling.of("all maximum", () -> new MixedPooling.Builder()
            .sharing(Sharing.CHANNEL)
            .initialProportion(1));
    private final INDArray x = features(2, 12, 12, 2);

    private static File file(String name) throws URISyntaxException {
        return new File(KerasSwapTest.class.getResource("/keras/" + name).toURI());
    }

    @Test
    void sequentialModel() throws Exception {
        MultiLayerNetwork network = MultiLayerNetwork.load(file("sequential.zip"), false);
        INDArray output = network.output(x).dup();
        SwapReport maximum = PoolingSwap.to(MAXIMUM).ofPooling("max").checkedOn(x).apply(network).report();
        assertThat(maximum.isFunctionPreserved()).isTrue();
        assertThat(maximum.parametersAdded()).isEqualTo(4);
        SwapReport average = PoolingSwap.to(Pooling.of("new lip", LipPooling.Builder::new))
                .named("pool2")
                .checkedOn(x)
                .apply(network)
                .report();
        assertThat(average.isFunctionPreserved()).isTrue();
        SwapResult<MultiLayerNetwork> soft = PoolingSwap.to(Pooling.soft()).checkedOn(x).apply(network);
        assertThat(soft.report().swapped())
                .extracting(entry -> entry.name() + " " + entry.before())
                .containsExactly("pool1 max", "pool2 average");
        assertThat(soft.report().isFunctionPreserved()).isFalse();
        assertThat(soft.network().output(x).shape()).containsExactly(2, 3);
        assertEqual(network.output(x), output);
    }

    @Test
    void functionalModel() throws Exception {
        ComputationGraph graph = ComputationGraph.load(file("functional.zip"), false);
        SwapResult<ComputationGraph> result = PoolingSwap.to(MAXIMUM).ofPooling("max").checkedOn(x).apply(graph);
        assertThat(result.report().swapped()).extracting(SwapReport.Entry::name).containsExactly("left");
        assertThat(result.report().isFunctionPreserved()).isTrue();
        ComputationGraph soft = PoolingSwap.to(Pooling.soft()).apply(graph).network();
        assertEqual(soft.params(), graph.params());
        assertThat(soft.outputSingle(x).distance2(graph.outputSingle(x))).isPositive();
    }
}
