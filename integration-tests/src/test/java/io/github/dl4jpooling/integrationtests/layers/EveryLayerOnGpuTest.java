// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import io.github.dl4jpooling.integrationtests.gpu.OnGpu;
import java.io.IOException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

/** {@link EveryLayerTest} in float, on the first GPU. */
@OnGpu
class EveryLayerOnGpuTest {

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void networkOfAllLayers(CNN2DFormat format) throws IOException {
        EveryLayerTest.check(DataType.FLOAT, format);
    }
}
