// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowGeometryTest {

    /** Sizes that PyTorch's pooling and DL4J's Same mode give. */
    @ParameterizedTest
    @CsvSource({
        // mode, input, kernel, stride, padding, dilation, windows, start of the first
        "TRUNCATE, 10, 2, 2, 0, 1, 5, 0",
        "TRUNCATE, 11, 2, 2, 0, 1, 5, 0",
        "TRUNCATE, 11, 3, 2, 1, 1, 6, -1",
        "TRUNCATE, 12, 3, 2, 1, 2, 5, -1",
        "TRUNCATE, 7, 7, 1, 0, 1, 1, 0",
        "TRUNCATE, 1, 3, 1, 1, 1, 1, -1",
        "TRUNCATE, 5, 1, 3, 0, 1, 2, 0",
        "STRICT, 10, 2, 2, 0, 1, 5, 0",
        "STRICT, 9, 3, 2, 1, 1, 5, -1",
        "SAME, 10, 2, 2, 0, 1, 5, 0",
        "SAME, 11, 2, 2, 0, 1, 6, 0",
        "SAME, 10, 3, 1, 0, 1, 10, -1",
        "SAME, 10, 4, 1, 0, 1, 10, -1",
        "SAME, 10, 3, 2, 0, 2, 5, -1",
        "SAME, 10, 2, 5, 0, 1, 2, 0",
        "SAME, 2, 9, 3, 0, 1, 1, -3",
        "CEIL, 10, 2, 2, 0, 1, 5, 0",
        "CEIL, 11, 2, 2, 0, 1, 6, 0",
        "CEIL, 10, 3, 2, 0, 1, 5, 0",
        "CEIL, 5, 2, 3, 1, 1, 2, -1",
        "CEIL, 4, 2, 4, 1, 1, 2, -1",
        "CEIL, 3, 1, 2, 0, 1, 2, 0",
        "CEIL, 4, 1, 3, 0, 1, 2, 0",
        "CEIL, 6, 1, 4, 0, 1, 2, 0",
        "CEIL, 3, 2, 5, 0, 1, 1, 0"
    })
    void sizes(BorderMode mode, int n, int kernel, int stride, int padding, int dilation, long windows, long start) {
        PoolingWindow window = PoolingWindow.builder(kernel)
                .stride(stride)
                .padding(padding)
                .dilation(dilation)
                .borderMode(mode)
                .build();
        WindowGeometry geometry = WindowGeometry.of(window, 1, 1, n);
        assertThat(geometry.outputSize(0)).isEqualTo(windows);
        assertThat(geometry.windowStart(0, 0)).isEqualTo(start);
        assertThat(geometry.windowStart(0, windows - 1)).isEqualTo(start + (windows - 1) * stride);
    }

    @Test
    void axes() {
        PoolingWindow first = PoolingWindow.builder(2, 3, 4).build();
        PoolingWindow last = PoolingWindow.builder(2, 3, 4).channelsLast(true).build();
        assertThat(WindowGeometry.of(first, 7, 5, 8, 9, 12).outputShape()).containsExactly(7, 5, 4, 3, 3);
        assertThat(WindowGeometry.of(last, 7, 8, 9, 12, 5).outputShape()).containsExactly(7, 4, 3, 3, 5);
        assertThat(WindowGeometry.axisNames(first)).isEqualTo("[N,C,D,H,W]");
        assertThat(WindowGeometry.axisNames(last)).isEqualTo("[N,D,H,W,C]");
        assertThat(WindowGeometry.axisNames(PoolingWindow.builder(2).build())).isEqualTo("[N,C,W]");
    }

    @Test
    void batchAndChannelsMayBeEmpty() {
        PoolingWindow window = PoolingWindow.builder(2, 2).build();
        assertThat(WindowGeometry.of(window, 0, 0, 8, 6).outputShape()).containsExactly(0, 0, 4, 3);
    }

    @Test
    void sizesBeyond32Bits() {
        PoolingWindow window = PoolingWindow.builder(2).stride(1).build();
        long length = 1L << 40;
        assertThat(WindowGeometry.of(window, 1, 1, length).outputSize(0)).isEqualTo(length - 1);
        assertThat(WindowGeometry.of(window, 1, 1, length).windowStart(0, length - 2)).isEqualTo(length - 2);
    }

    @Test
    void shapesAreCopied() {
        long[] shape = {1, 1, 8};
        WindowGeometry geometry = WindowGeometry.of(PoolingWindow.builder(2).build(), shape);
        shape[2] = 1;
        geometry.inputShape()[2] = 1;
        assertThat(geometry.inputShape()).containsExactly(1, 1, 8);
        assertThat(geometry.outputShape()).containsExactly(1, 1, 4);
    }

    @Test
    void misfitsAreRejected() {
        PoolingWindow images = PoolingWindow.builder(3, 3).build();
        assertRejected(images, new long[] {1, 8, 8}, "rank 4", "[N,C,H,W]", "[1, 8, 8]");
        assertRejected(images, new long[] {1, 1, 8, 2}, "larger than the padded map", "spatial axis 1", "[1, 1, 8, 2]");
        assertRejected(images, new long[] {1, 1, 0, 8}, "at least 1", "[1, 1, 0, 8]");
        PoolingWindow strict = PoolingWindow.builder(3).stride(2).borderMode(BorderMode.STRICT).build();
        assertRejected(strict, new long[] {1, 1, 8}, "STRICT", "multiple of the stride", "5", "2");
        PoolingWindow ceil = PoolingWindow.builder(9).stride(2).borderMode(BorderMode.CEIL).build();
        assertRejected(ceil, new long[] {1, 1, 5}, "larger than the padded map");
    }

    private static void assertRejected(PoolingWindow window, long[] shape, String... parts) {
        assertThatThrownBy(() -> WindowGeometry.of(window, shape))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(parts);
    }
}
