// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import static io.github.dl4jpooling.zoo.swap.TestNetworks.assertEqual;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.features;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.labels;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.model.LeNet;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Networks of DL4J's own zoo. */
class ZooSwapTest {
    private static final int CLASSES = 10;

    @TempDir
    private Path folder;

    @Test
    void leNet() throws IOException {
        MultiLayerNetwork network = (MultiLayerNetwork) LeNet.builder().numClasses(CLASSES).build().init();
        INDArray x = features(4, 1, 28, 28);
        INDArray y = labels(4, CLASSES);
        network.fit(x, y);
        INDArray parameters = network.params().dup();
        INDArray output = network.output(x).dup();
        String json = network.getLayerWiseConfigurations().toJson();

        assertEqual(PoolingSwap.to(Pooling.max()).apply(network).network().output(x), output);

        SwapResult<MultiLayerNetwork> result = PoolingSwap.to(Pooling.soft()).apply(network);
        MultiLayerNetwork soft = result.network();
        assertThat(result.report().swapped())
                .extracting(SwapReport.Entry::name)
                .containsExactly("maxpool1", "maxpool2");
        assertThat(result.report().entries()).hasSize(2);
        assertEqual(soft.params(), parameters);
        assertThat(soft.output(x).distance2(output)).isGreaterThan(1e-6);
        soft.fit(x, y);
        assertThat(soft.score()).isFinite();
        assertThat(soft.params().distance2(parameters)).isPositive();

        File file = folder.resolve("lenet.zip").toFile();
        soft.save(file, true);
        assertEqual(MultiLayerNetwork.load(file, true).output(x), soft.output(x));

        assertEqual(network.params(), parameters);
        assertEqual(network.output(x), output);
        assertThat(network.getLayerWiseConfigurations().toJson()).isEqualTo(json);
    }

    @Test
    void squeezeNet() throws IOException {
        ComputationGraph network = SqueezeNet.builder()
                .numClasses(CLASSES)
                .inputShape(new int[] {3, 64, 64})
                .build()
                .init();
        INDArray x = features(2, 3, 64, 64);
        INDArray[] y = {labels(2, CLASSES)};
        INDArray parameters = network.params().dup();
        INDArray output = network.outputSingle(x).dup();
        String json = network.getConfiguration().toJson();

        assertEqual(PoolingSwap.to(Pooling.max()).apply(network).network().outputSingle(x), output);

        SwapResult<ComputationGraph> result = PoolingSwap.to(Pooling.soft())
                .where(site -> site.window().kernel()[0] == 3 && site.pooling().equals("max"))
                .apply(network);
        ComputationGraph soft = result.network();
        assertThat(result.report().entries())
                .extracting(entry -> entry.name() + " " + entry.after())
                .containsExactly("pool1 soft", "pool3 soft", "pool5 soft", "avg_pool kept");
        assertEqual(soft.params(), parameters);
        INDArray pooled = network.feedForward(x, false).get("pool1").dup();
        assertThat(soft.feedForward(x, false).get("pool1").distance2(pooled)).isGreaterThan(0.01);
        soft.fit(new INDArray[] {x}, y);
        assertThat(soft.score()).isFinite();
        assertThat(soft.params().distance2(parameters)).isPositive();

        File file = folder.resolve("squeezenet.zip").toFile();
        soft.save(file, true);
        assertEqual(ComputationGraph.load(file, true).outputSingle(x), soft.outputSingle(x));

        assertEqual(network.params(), parameters);
        assertThat(network.getConfiguration().toJson()).isEqualTo(json);
    }
}
