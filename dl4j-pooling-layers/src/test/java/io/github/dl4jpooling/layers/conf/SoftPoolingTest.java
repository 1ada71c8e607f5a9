// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.junit.jupiter.api.Test;

/** Builders are used as users write them: settings in any order, without casts. */
class SoftPoolingTest {

    @Test
    void sequences() {
        SoftPooling layer = new SoftPooling.Builder(5)
                .stride(3)
                .padding(2)
                .dilation(2)
                .ceilMode(true)
                .dataFormat(RNNFormat.NWC)
                .name("pool")
                .build();
        assertThat(layer.getLayerName()).isEqualTo("pool");
        assertThat(layer.op(false).operator()).isEqualTo(PoolingOperator.SOFT_POOL);
        assertThat(layer.window())
                .isEqualTo(PoolingWindow.builder(5)
                        .stride(3)
                        .padding(2)
                        .dilation(2)
                        .borderMode(BorderMode.CEIL)
                        .channelsLast(true)
                        .build());
    }

    @Test
    void images() {
        SoftPooling layer = new SoftPooling.Builder()
                .name("pool")
                .dataFormat(CNN2DFormat.NHWC)
                .convolutionMode(ConvolutionMode.Same)
                .dilation(2, 1)
                .stride(1, 2)
                .kernelSize(3, 4)
                .build();
        assertThat(layer.op(false).operator()).isEqualTo(PoolingOperator.SOFT_POOL);
        assertThat(layer.window())
                .isEqualTo(PoolingWindow.builder(3, 4)
                        .stride(1, 2)
                        .dilation(2, 1)
                        .borderMode(BorderMode.SAME)
                        .channelsLast(true)
                        .build());
    }

    @Test
    void volumes() {
        SoftPooling layer = new SoftPooling.Builder(3, 4, 5)
                .stride(1, 2, 3)
                .padding(0, 1, 2)
                .convolutionMode(ConvolutionMode.Strict)
                .dataFormat(Convolution3D.DataFormat.NDHWC)
                .build();
        assertThat(layer.op(false).operator()).isEqualTo(PoolingOperator.SOFT_POOL);
        assertThat(layer.window())
                .isEqualTo(PoolingWindow.builder(3, 4, 5)
                        .stride(1, 2, 3)
                        .padding(0, 1, 2)
                        .borderMode(BorderMode.STRICT)
                        .channelsLast(true)
                        .build());
    }

    @Test
    void defaults() {
        assertThat(new SoftPooling.Builder().build().window())
                .isEqualTo(PoolingWindow.builder(2, 2).build());
        assertThat(new SoftPooling.Builder(3).build().window())
                .isEqualTo(PoolingWindow.builder(3).stride(1).build());
    }
}
