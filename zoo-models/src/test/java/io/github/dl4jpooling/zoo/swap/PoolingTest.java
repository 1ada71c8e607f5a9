// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jpooling.layers.conf.SoftPooling;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolingTest {

    private static final String FULL_DPP = "dpp_full"; // takes windows of 2x2, side by side, only

    private static PoolingWindow window(int dimensions) {
        int[] kernel = {3, 4, 5};
        return PoolingWindow.builder(Arrays.copyOf(kernel, dimensions)).build();
    }

    private static PoolingWindow window(Pooling pooling, int dimensions) {
        return pooling.name().equals(FULL_DPP) ? PoolingWindow.builder(2, 2).build() : window(dimensions);
    }

    private static List<PoolingWindow> windows(Pooling pooling, int dimensions) {
        return pooling.name().equals(FULL_DPP) ? List.of(window(pooling, 2)) : windows(dimensions);
    }

    /** Windows without two equal numbers, so that none can be taken for another. */
    private static List<PoolingWindow> windows(int dimensions) {
        List<PoolingWindow> windows = new ArrayList<>();
        for (BorderMode mode : BorderMode.values()) {
            for (boolean channelsLast : new boolean[] {false, true}) {
                int[] padding = mode == BorderMode.SAME ? new int[3] : new int[] {1, 2, 0};
                windows.add(PoolingWindow.builder(Arrays.copyOf(new int[] {4, 5, 6}, dimensions))
                        .stride(Arrays.copyOf(new int[] {7, 8, 9}, dimensions))
                        .padding(Arrays.copyOf(padding, dimensions))
                        .dilation(Arrays.copyOf(new int[] {10, 11, 12}, dimensions))
                        .borderMode(mode)
                        .channelsLast(channelsLast)
                        .build());
            }
        }
        return windows;
    }

    static List<String> names() {
        return Pooling.names();
    }

    /** Those whose layer has a window and takes one input. DL4J's own poolings keep their names. */
    static Stream<PoolingOperator> operatorsWithLayers() {
        return Arrays.stream(PoolingOperator.values())
                .filter(WindowPoolingLayers::isWindowPooling)
                .filter(operator -> operator != PoolingOperator.MAX_POOL && operator != PoolingOperator.AVERAGE_POOL);
    }

    @ParameterizedTest
    @MethodSource("operatorsWithLayers")
    void everyOperatorHasALayerForEachOfItsDimensions(PoolingOperator operator) {
        String name = operator.stem().replaceAll("(_block)?_pool$", "");
        assertThat(Pooling.names()).contains(name);
        Pooling pooling = Pooling.named(name);
        assertThat(pooling.dimensions()).isNotEmpty().isEqualTo(operator.dimensions());
        for (int dimensions : operator.dimensions()) {
            Layer layer = pooling.layer(window(pooling, dimensions), "x");
            assertThat(layer).isInstanceOf(WindowPoolingLayer.class);
            assertThat(((WindowPoolingLayer) layer).op(false).operator()).isEqualTo(operator);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void layersHaveThePoolingAndWindowAskedFor(String name) {
        Pooling pooling = Pooling.named(name);
        assertThat(pooling.name()).isEqualTo(name);
        for (int dimensions : pooling.dimensions()) {
            for (PoolingWindow window : windows(pooling, dimensions)) {
                if (window.borderMode() == BorderMode.CEIL && !isOurs(pooling)) {
                    continue;
                }
                Layer layer = pooling.layer(window, "x");
                assertThat(layer.getLayerName()).isEqualTo("x");
                PoolingSite site = PoolingSite.of(0, "x", layer).orElseThrow();
                assertThat(site.window()).isEqualTo(window);
                assertThat(site.pooling()).isEqualTo(name);
            }
        }
    }

    private static boolean isOurs(Pooling pooling) {
        int dimensions = pooling.dimensions().get(0);
        return pooling.layer(window(pooling, dimensions), null) instanceof WindowPoolingLayer;
    }

    @Test
    void poolingsStandForTheseLayers() {
        assertThat(Pooling.soft().layer(window(1), null)).isInstanceOf(SoftPooling.class);
        assertThat(Pooling.soft().layer(window(2), null)).isInstanceOf(SoftPooling.class);
        assertThat(Pooling.soft().layer(window(3), null)).isInstanceOf(SoftPooling.class);
        assertThat(Pooling.max().layer(window(1), null)).isExactlyInstanceOf(Subsampling1DLayer.class);
        assertThat(Pooling.average().layer(window(2), null)).isExactlyInstanceOf(SubsamplingLayer.class);
        assertThat(Pooling.max().layer(window(3), null)).isExactlyInstanceOf(Subsampling3DLayer.class);
        SubsamplingLayer pNorm = (SubsamplingLayer) Pooling.pNorm(3).layer(window(2), null);
        assertThat(pNorm.getPnorm()).isEqualTo(3);
        assertThat(((SubsamplingLayer) Pooling.average().layer(window(2), null)).isAvgPoolIncludePadInDivisor())
                .isFalse();
    }

    /** As users call them, whatever their operators are called. */
    @Test
    void naturalNames() {
        Map<String, PoolingOperator> operators = new LinkedHashMap<>();
        operators.put("lip", PoolingOperator.LIP_BLOCK_POOL);
        operators.put("deformable", PoolingOperator.DEFORMABLE_BLOCK_POOL);
        operators.put("dpp", PoolingOperator.DPP_POOL);
        operators.put(FULL_DPP, PoolingOperator.DPP_FULL_POOL);
        operators.put("dpid", PoolingOperator.DPID_POOL);
        operators.put("ada", PoolingOperator.ADA_POOL);
        operators.put("power_average", PoolingOperator.POWER_AVERAGE_POOL);
        operators.put("gem", PoolingOperator.GEM_POOL);
        operators.put("mixed", PoolingOperator.MIXED_POOL);
        operators.put("gated", PoolingOperator.GATED_POOL);
        operators.put("tree", PoolingOperator.TREE_POOL);
        operators.put("stochastic", PoolingOperator.STOCHASTIC_POOL);
        operators.forEach((name, operator) -> {
            Pooling pooling = Pooling.named(name);
            WindowPoolingLayer layer = (WindowPoolingLayer) pooling.layer(window(pooling, 2), "x");
            assertThat(layer.op(false).operator()).as(name).isEqualTo(operator);
        });
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pooling.named(FULL_DPP).layer(window(2), "deep"))
                .withMessageContainingAll(FULL_DPP, "\"deep\"", "2x2");
    }

    @Test
    void poolingsAreFoundByName() {
        assertThat(Pooling.names()).startsWith("max", "average", "pnorm2", "soft").doesNotHaveDuplicates();
        assertThat(Pooling.named("max")).isEqualTo(Pooling.max()).hasSameHashCodeAs(Pooling.max());
        assertThat(Pooling.named("average")).isEqualTo(Pooling.average()).isNotEqualTo(Pooling.max());
        assertThat(Pooling.named("soft")).isEqualTo(Pooling.soft()).hasToString("soft");
        assertThat(Pooling.named("pnorm2")).isEqualTo(Pooling.pNorm(2)).isNotEqualTo(Pooling.pNorm(3));
        assertThat(Pooling.named("pnorm17")).isEqualTo(Pooling.pNorm(17));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Max", "avg", "pnorm0", "pnorm-1", "pnorm99999", "soft "})
    void unknownNamesAreRefusedWithTheNamesThereAre(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pooling.named(name))
                .withMessageContaining("\"" + name + "\"")
                .withMessageContaining("max, average, pnorm2, soft");
    }

    @Test
    void noNameIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Pooling.named(null)).withMessageContaining("null");
    }

    @Test
    void impossibleLayersAreRefusedWithTheLayersName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pooling.pNorm(2).layer(window(3), "deep"))
                .withMessage("pnorm2 pooling exists for [1, 2] dimensions, layer \"deep\" needs 3");
        PoolingWindow ceil =
                PoolingWindow.builder(2, 2).borderMode(BorderMode.CEIL).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pooling.max().layer(ceil, "up"))
                .withMessage("max pooling for layer \"up\": DL4J's own pooling layers have no ceil mode");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pooling.pNorm(0))
                .withMessage("p of a p-norm must be 1 to 9999, got 0");
    }
}
