// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.apache.commons.math3.stat.StatUtils;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    /** With many values the interval is that of the normal distribution. */
    @Test
    void manyValues() {
        double[] values = new Random(5).doubles(400).toArray();
        double half = 1.96 * Math.sqrt(StatUtils.populationVariance(values) / values.length);
        double[] interval = Bootstrap.interval(values);
        assertThat(interval[0]).isCloseTo(StatUtils.mean(values) - half, within(0.1 * half));
        assertThat(interval[1]).isCloseTo(StatUtils.mean(values) + half, within(0.1 * half));
        assertThat(Bootstrap.interval(values)).isEqualTo(interval);
    }

    /** Three values have 27 samples: the smallest mean is that of one sample, 3.7 % of them. */
    @Test
    void threeValues() {
        assertThat(Bootstrap.interval(1, 2, 3)).containsExactly(1, 3);
    }

    @Test
    void noInterval() {
        assertThat(Bootstrap.interval(1)).containsOnly(Double.NaN);
        assertThat(Bootstrap.interval(1, Double.NaN)).containsOnly(Double.NaN);
    }
}
