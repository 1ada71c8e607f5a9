// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jpooling.layers.conf.DeformablePooling;
import io.github.dl4jpooling.layers.conf.LipPooling;
import io.github.dl4jpooling.layers.conf.MixedPooling;
import io.github.dl4jpooling.layers.conf.PnormPooling;
import io.github.dl4jpooling.layers.conf.TreePooling;
import io.github.dl4jpooling.zoo.swap.Pooling;
import io.github.dl4jpooling.zoo.swap.PoolingSwap;
import io.github.dl4jpooling.zoo.swap.SwapReport;
import io.github.dl4jpooling.zoo.swap.SwapResult;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Settings of other poolings that compute the same leave every model's output as it is. */
class FunctionPreservingSwapTest {
    /** What stands for each pooling that the models have. Others are swapped to themselves. A new LIP is an average. */
    private static final Map<String, List<Pooling>> SAME = Map.of(
            "max", List.of(Pooling.of("all maximum", () -> new MixedPooling.Builder().initialProportion(1))),
            "average", List.of(
                    Pooling.of("no maximum", () -> new MixedPooling.Builder().initialProportion(0)),
                    Pooling.of("new lip", LipPooling.Builder::new),
                    Pooling.of("new deformable", DeformablePooling.Builder::new)),
            "pnorm2", List.of(Pooling.of("p-norm", PnormPooling.Builder::new)),
            "tree", List.of(Pooling.of("tree", () -> new TreePooling.Builder().levels(2))),
            "lip", List.of(Pooling.average()),
            "lip_block", List.of(Pooling.average()));

    @TestFactory
    Stream<DynamicTest> smallModels() {
        return ZooCase.quick().stream().map(FunctionPreservingSwapTest::test);
    }

    @TestFactory
    @Tag("long")
    Stream<DynamicTest> largeModels() {
        return ZooCase.slow().stream().map(FunctionPreservingSwapTest::test);
    }

    private static DynamicTest test(ZooCase zooCase) {
        return DynamicTest.dynamicTest(zooCase.name(), () -> {
            Model network = zooCase.builder().build().init();
            INDArray[] inputs = zooCase.inputs();
            Set<String> poolings = poolings(network);
            assertThat(poolings.isEmpty()).isEqualTo(zooCase.name().equals("mobilenetv2"));
            for (String pooling : poolings) {
                for (Pooling same : SAME.containsKey(pooling) ? SAME.get(pooling) : List.of(Pooling.named(pooling))) {
                    SwapResult<?> result = apply(PoolingSwap.to(same).ofPooling(pooling).checkedOn(inputs), network);
                    SwapReport report = result.report();
                    assertThat(report.swapped()).as(pooling).isNotEmpty();
                    assertThat(report.outputDifference().getAsDouble())
                            .as(pooling + " as " + same)
                            .isLessThan(1e-5);
                    assertThat(report.swapped()).allMatch(SwapReport.Entry::isFunctionPreserved);
                    ((Model) result.network()).close();
                }
            }
            network.close();
        });
    }

    /** What the layers with windows compute. */
    private static Set<String> poolings(Model network) {
        Set<String> poolings = new LinkedHashSet<>();
        PoolingSwap look = PoolingSwap.to(Pooling.soft()).where(site -> {
            poolings.add(site.pooling());
            return false;
        });
        assertThatIllegalArgumentException().isThrownBy(() -> apply(look, network)); // nothing is swapped
        return poolings;
    }

    private static SwapResult<?> apply(PoolingSwap swap, Model network) {
        return network instanceof ComputationGraph
                ? swap.apply((ComputationGraph) network)
                : swap.apply((MultiLayerNetwork) network);
    }
}
