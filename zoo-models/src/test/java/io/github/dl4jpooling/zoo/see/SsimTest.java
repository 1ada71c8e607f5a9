// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.see;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SsimTest {
    private static float[][] random(int height, int width, long seed) {
        Random random = new Random(seed);
        float[][] plane = new float[height][width];
        for (float[] row : plane) {
            for (int i = 0; i < width; i++) {
                row[i] = random.nextFloat();
            }
        }
        return plane;
    }

    private static float[][] constant(float value) {
        float[][] plane = new float[12][15];
        Arrays.stream(plane).forEach(row -> Arrays.fill(row, value));
        return plane;
    }

    @Test
    void equalPlanes() {
        float[][] plane = random(20, 13, 1);
        assertThat(Ssim.of(plane, plane)).isCloseTo(1, within(1e-12));
    }

    /** Without variance only the means are left. */
    @Test
    void constantPlanes() {
        double expected = (2 * 0.25 * 0.75 + 1e-4) / (0.25 * 0.25 + 0.75 * 0.75 + 1e-4);
        assertThat(Ssim.of(constant(0.25f), constant(0.75f))).isCloseTo(expected, within(1e-9));
        assertThat(Ssim.of(constant(0), constant(1))).isCloseTo(1e-4 / 1.0001, within(1e-9));
    }

    @Test
    void symmetric() {
        float[][] a = random(16, 19, 1);
        float[][] b = random(16, 19, 2);
        assertThat(Ssim.of(a, b)).isCloseTo(Ssim.of(b, a), within(1e-12)).isLessThan(0.3);
    }

    /** The only window of an 11 x 11 plane, with the definition written out in two dimensions. */
    @Test
    void oneWindow() {
        float[][] a = random(11, 11, 3);
        float[][] b = random(11, 11, 4);
        double total = 0;
        double m = 0;
        double n = 0;
        double v = 0;
        double w = 0;
        double c = 0;
        for (int pass = 0; pass < 3; pass++) {
            for (int y = 0; y < 11; y++) {
                for (int x = 0; x < 11; x++) {
                    double weight = Math.exp(-((y - 5) * (y - 5) + (x - 5) * (x - 5)) / (2 * 1.5 * 1.5));
                    if (pass == 0) {
                        total += weight;
                    } else if (pass == 1) {
                        m += weight / total * a[y][x];
                        n += weight / total * b[y][x];
                    } else {
                        v += weight / total * (a[y][x] - m) * (a[y][x] - m);
                        w += weight / total * (b[y][x] - n) * (b[y][x] - n);
                        c += weight / total * (a[y][x] - m) * (b[y][x] - n);
                    }
                }
            }
        }
        double expected = (2 * m * n + 1e-4) * (2 * c + 9e-4) / ((m * m + n * n + 1e-4) * (v + w + 9e-4));
        assertThat(Ssim.of(a, b)).isCloseTo(expected, within(1e-9));
    }

    @Test
    void planesThatDoNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> Ssim.of(random(11, 10, 1), random(11, 10, 1)))
                .withMessageContaining("at least 11 x 11, got 11 x 10");
        assertThatIllegalArgumentException().isThrownBy(() -> Ssim.of(random(12, 12, 1), random(12, 13, 1)));
    }
}
