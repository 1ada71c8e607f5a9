// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HolmCorrectionTest {
    /** 0.01 * 3, then 0.03 * 2, then 0.04 * 1, which may not be less than the one before. */
    @Test
    void agreesWithHandCalculation() {
        assertThat(HolmCorrection.adjust(0.04, 0.01, 0.03)).containsExactly(new double[] {0.06, 0.03, 0.06},
                within(1e-15));
        assertThat(HolmCorrection.adjust(0.6, 0.5)).containsExactly(1, 1);
        assertThat(HolmCorrection.adjust(0.02)).containsExactly(0.02);
        assertThat(HolmCorrection.adjust()).isEmpty();
    }

    @Test
    void keepsWhatIsNotANumber() {
        assertThat(HolmCorrection.adjust(Double.NaN, Double.NaN)).containsExactly(Double.NaN, Double.NaN);
    }
}
