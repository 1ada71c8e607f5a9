// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolingWindowTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void defaults(int dimensions) {
        int[] kernel = Arrays.copyOf(new int[] {4, 3, 5}, dimensions);
        PoolingWindow window = PoolingWindow.builder(kernel).build();

        assertThat(window.dimensions()).isEqualTo(dimensions);
        assertThat(window.kernel()).isEqualTo(kernel);
        assertThat(window.stride()).isEqualTo(kernel);
        assertThat(window.padding()).hasSize(dimensions).containsOnly(0);
        assertThat(window.dilation()).hasSize(dimensions).containsOnly(1);
        assertThat(window.borderMode()).isEqualTo(BorderMode.TRUNCATE);
        assertThat(window.channelsLast()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(BorderMode.class)
    void argumentsHoldEverything(BorderMode mode) {
        int[] padding = mode == BorderMode.SAME ? new int[] {0, 0, 0} : new int[] {1, 2, 3};
        PoolingWindow window = PoolingWindow.builder(4, 5, 6)
                .stride(7, 8, 9)
                .padding(padding)
                .dilation(10, 11, 12)
                .borderMode(mode)
                .channelsLast(true)
                .build();

        PoolingWindow read = PoolingWindow.fromArguments(window.toArguments());

        assertThat(read).usingRecursiveComparison().isEqualTo(window);
        assertThat(read).isEqualTo(window).hasSameHashCodeAs(window).hasToString(window.toString());
    }

    /** The numbers stand in saved graphs. */
    @Test
    void argumentsKeepTheirOrder() {
        PoolingWindow window = PoolingWindow.builder(2, 3)
                .stride(4, 5)
                .padding(1, 0)
                .dilation(6, 7)
                .borderMode(BorderMode.CEIL)
                .build();
        assertThat(window.toArguments()).containsExactly(2, 3, 0, 2, 3, 4, 5, 1, 0, 6, 7);
        assertThat(BorderMode.values())
                .containsExactly(BorderMode.TRUNCATE, BorderMode.STRICT, BorderMode.SAME, BorderMode.CEIL);
    }

    @Test
    void equalityLooksAtEverything() {
        PoolingWindow window = PoolingWindow.builder(3, 3).stride(2, 2).build();
        assertThat(window)
                .isEqualTo(PoolingWindow.builder(3, 3).stride(2, 2).build())
                .isNotEqualTo(PoolingWindow.builder(3, 2).stride(2, 2).build())
                .isNotEqualTo(PoolingWindow.builder(3, 3).stride(2, 1).build())
                .isNotEqualTo(PoolingWindow.builder(3, 3).stride(2, 2).padding(0, 1).build())
                .isNotEqualTo(PoolingWindow.builder(3, 3).stride(2, 2).dilation(2, 1).build())
                .isNotEqualTo(PoolingWindow.builder(3, 3).stride(2, 2).borderMode(BorderMode.CEIL).build())
                .isNotEqualTo(PoolingWindow.builder(3, 3).stride(2, 2).channelsLast(true).build())
                .isNotEqualTo(PoolingWindow.builder(3).stride(2).build())
                .isNotEqualTo(null);
    }

    @Test
    void arraysAreCopied() {
        int[] kernel = {3, 3};
        int[] stride = {2, 2};
        PoolingWindow.Builder builder = PoolingWindow.builder(kernel).stride(stride);
        kernel[0] = 9;
        stride[0] = 9;
        PoolingWindow window = builder.build();
        window.kernel()[0] = 9;
        window.stride()[0] = 9;
        window.padding()[0] = 9;
        window.dilation()[0] = 9;
        assertThat(window).isEqualTo(PoolingWindow.builder(3, 3).stride(2, 2).build());
    }

    @Test
    void rangesAreChecked() {
        assertRejected(PoolingWindow.builder(), "1, 2 or 3 spatial axes", "[]");
        assertRejected(PoolingWindow.builder(1, 1, 1, 1), "1, 2 or 3 spatial axes", "[1, 1, 1, 1]");
        assertRejected(PoolingWindow.builder(2, 0), "kernel must be at least 1", "[2, 0]");
        assertRejected(PoolingWindow.builder(2, 2).stride(1, 0), "stride must be at least 1", "[1, 0]");
        assertRejected(PoolingWindow.builder(2, 2).stride(1), "stride must have 2 numbers", "[1]");
        assertRejected(PoolingWindow.builder(2, 2).padding(-1, 0), "padding must be at least 0", "[-1, 0]");
        assertRejected(PoolingWindow.builder(2, 2).padding(1, 1, 1), "padding must have 2 numbers", "[1, 1, 1]");
        assertRejected(PoolingWindow.builder(2, 2).dilation(1, -3), "dilation must be at least 1", "[1, -3]");
        assertRejected(PoolingWindow.builder(3).dilation(2).padding(5), "padding must be less than", "= 5", "[5]");
        assertRejected(
                PoolingWindow.builder(2, 2).padding(0, 1).borderMode(BorderMode.SAME),
                "padding must be 0 in border mode SAME", "[0, 1]");
    }

    @Test
    void largestPaddingIsAllowed() {
        assertThat(PoolingWindow.builder(3).dilation(2).padding(4).build().padding()).containsExactly(4);
        int huge = Integer.MAX_VALUE;
        assertThat(PoolingWindow.builder(huge).dilation(huge).padding(huge).build().padding()).containsExactly(huge);
    }

    @Test
    void nullIsRejected() {
        PoolingWindow.Builder builder = PoolingWindow.builder(2);
        assertThatThrownBy(() -> PoolingWindow.builder((int[]) null)).hasMessageContaining("kernel");
        assertThatThrownBy(() -> builder.borderMode(null)).hasMessageContaining("borderMode");
    }

    private static void assertRejected(PoolingWindow.Builder builder, String... parts) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(parts);
    }
}
