// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import io.github.dl4jpooling.integrationtests.family.ForEachLayer;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every layer with a window, on masked sequences. */
@ForEachLayer
class MaskedLayerTest {

    private final PoolingOperator operator;

    MaskedLayerTest(PoolingOperator operator) {
        this.operator = operator;
    }

    /** Overlapping windows, padding on uneven sides. */
    private static WindowPoolingLayer pooling(MaskedLayerCase masked) {
        WindowPoolingLayer.Builder<?> builder = masked.networks().pooling();
        builder.kernelSize(3);
        builder.convolutionMode(ConvolutionMode.Same);
        return builder.build();
    }

    @TestFactory
    Stream<DynamicTest> gradients() {
        return MaskedLayerCase.forEachMask(operator, "", masked -> masked.assertGradients(pooling(masked)));
    }

    @TestFactory
    Stream<DynamicTest> whatMaskedStepsHoldDoesNotMatter() {
        return MaskedLayerCase.forEachMask(
                operator, "", masked -> masked.assertMaskedStepsDoNotMatter(pooling(masked), true));
    }
}
