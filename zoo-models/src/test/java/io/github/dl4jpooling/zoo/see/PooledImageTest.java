// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.see;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.zoo.swap.Pooling;
import org.junit.jupiter.api.Test;

class PooledImageTest {
    private static final int SIZE = 16;

    /** Values by place. */
    private static SeenImage image(Value value) {
        float[][] plane = new float[SIZE][SIZE];
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                plane[y][x] = value.at(y, x);
            }
        }
        return new SeenImage("made", plane);
    }

    /** Blocks of 4 x 4 equal pixels lose nothing in windows of 2 x 2, once or twice. */
    @Test
    void blocksSurvive() {
        SeenImage blocks = image((y, x) -> (y / 4 * 5 + x / 4 * 3) % 7 / 7f);
        for (int steps : new int[] {1, 2}) {
            PooledImage result = new PooledImage(blocks, Pooling.average(), 2, 2, steps);
            assertThat(result.upsampled()[0]).isDeepEqualTo(blocks.planes()[0]);
            assertThat(result.similarity()).isCloseTo(1, within(1e-6));
            assertThat(result.peakRatio()).isInfinite();
        }
        assertThat(new PooledImage(blocks, Pooling.average(), 2, 2, 3).similarity()).isLessThan(0.9);
    }

    /** Windows that overlap: the middle of window i is pixel i + 1. */
    @Test
    void elementsReturnToTheMiddleOfTheirWindows() {
        SeenImage ramp = image((y, x) -> x / 16f);
        float[] row = new PooledImage(ramp, Pooling.average(), 3, 1, 1).upsampled()[0][5];
        for (int x = 1; x < SIZE - 1; x++) {
            assertThat(row[x]).isCloseTo(x / 16f, within(1e-6f));
        }
        assertThat(row[0]).isEqualTo(row[1]);
    }

    @Test
    void shiftSensitivity() {
        assertThat(new PooledImage(image((y, x) -> 0.5f), Pooling.max(), 2, 2, 1).shiftSensitivity()).isZero();
        // Columns of 1, 0, 0, 0: with windows of 2 every other maximum is 1, after a pixel to the right the other ones.
        // To the right all maxima change, half of which are 1; down none does.
        SeenImage stripes = image((y, x) -> x % 4 == 0 ? 1 : 0);
        assertThat(new PooledImage(stripes, Pooling.max(), 2, 2, 1).shiftSensitivity())
                .isCloseTo(7.0 / 4 / 2, within(1e-6)); // 15 columns: 4 of 7 windows are 1, all 7 change
    }

    @Test
    void scaleIsNoDetail() {
        SeenImage image = image((y, x) -> (y * 7 + x * 5) % 11 / 11f);
        PooledImage average = new PooledImage(image, Pooling.average(), 2, 2, 1);
        PooledImage sum = new PooledImage(image, Pooling.named("sum"), 2, 2, 1);
        assertThat(sum.similarity()).isCloseTo(average.similarity(), within(1e-5));
        assertThat(sum.peakRatio()).isLessThan(average.peakRatio());
        assertThat(sum.learned()).isFalse();
        assertThat(new PooledImage(image, Pooling.named("gated"), 2, 2, 1).learned()).isTrue();
    }

    private interface Value {
        float at(int y, int x);
    }
}
