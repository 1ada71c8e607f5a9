// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The gradient of maximum pooling goes where the index says, to any element of a window or, with -1, to none. */
class GivenIndexTest {

    private static final int BATCH = 2;
    private static final int HEIGHT = 6;
    private static final int WIDTH = 9;

    private final NDPooling pooling = new NDPooling();

    @ParameterizedTest
    @CsvSource({"3, 2, false", "3, 2, true", "2, 2, true", "3, 1, true", "2, 3, true"})
    void isFollowed(int kernel, int stride, boolean channelsLast) {
        MaxPool op = op(kernel, stride, channelsLast);
        for (int channels : new int[] {1, 5, 16, 37}) {
            check(op, channelsLast, channels, 0, new Random(channels));
            check(op, channelsLast, channels, 0.1, new Random(channels));
        }
    }

    private void check(MaxPool op, boolean channelsLast, int channels, double none, Random random) {
        INDArray x = Nd4j.randn(DataType.FLOAT, shape(channelsLast, channels, HEIGHT, WIDTH));
        INDArray index = pooling.outputs(op, x)[1];
        INDArray gradient = Nd4j.randn(DataType.FLOAT, index.shape());
        INDArray expected = x.like();
        int kernel = op.window().kernel()[0];
        int stride = op.window().stride()[0];
        long[] sizes = channelsLast ? index.permute(0, 3, 1, 2).shape() : index.shape();
        for (int n = 0; n < BATCH; n++) {
            for (int c = 0; c < channels; c++) {
                for (int h = 0; h < sizes[2]; h++) {
                    for (int w = 0; w < sizes[3]; w++) {
                        long place = random.nextDouble() < none
                                ? -1
                                : (h * stride + random.nextInt(kernel)) * WIDTH + w * stride + random.nextInt(kernel);
                        index.putScalar(place(channelsLast, n, c, h, w), place);
                        if (place >= 0) {
                            long[] at = place(channelsLast, n, c, place / WIDTH, place % WIDTH);
                            expected.putScalar(at,
                                    expected.getFloat(at) + gradient.getFloat(place(channelsLast, n, c, h, w)));
                        }
                    }
                }
            }
        }
        INDArray result = pooling.gradients(op, gradient, new INDArray[] {null, index}, x)[0];
        assertThat(result.equalsWithEps(expected, 1e-4)).isTrue();
    }

    /** Numbers whose lower 32 bits look right are refused like any other outside the map. */
    @ParameterizedTest
    @CsvSource({"false, 54", "true, 54", "true, -2", "true, 4294967296", "true, -4294967296"})
    void outsideTheMapIsRefused(boolean channelsLast, long wrong) {
        MaxPool op = op(2, 2, channelsLast);
        INDArray x = Nd4j.randn(DataType.FLOAT, shape(channelsLast, 20, HEIGHT, WIDTH));
        INDArray index = pooling.outputs(op, x)[1];
        index.putScalar(place(channelsLast, 1, 17, 0, 0), wrong);
        INDArray gradient = Nd4j.ones(DataType.FLOAT, index.shape());
        assertThatThrownBy(() -> pooling.gradients(op, gradient, new INDArray[] {null, index}, x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("index");
    }

    private static MaxPool op(int kernel, int stride, boolean channelsLast) {
        return new MaxPool(
                PoolingWindow.builder(kernel, kernel).stride(stride, stride).channelsLast(channelsLast).build());
    }

    private static long[] shape(boolean channelsLast, int channels, int height, int width) {
        return channelsLast
                ? new long[] {BATCH, height, width, channels}
                : new long[] {BATCH, channels, height, width};
    }

    private static long[] place(boolean channelsLast, long n, long c, long h, long w) {
        return channelsLast ? new long[] {n, h, w, c} : new long[] {n, c, h, w};
    }
}
