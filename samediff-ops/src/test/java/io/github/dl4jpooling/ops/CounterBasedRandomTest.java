// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CounterBasedRandomTest {

    /** Known answers of the authors' distribution (Random123, kat_vectors). */
    @Test
    void knownAnswers() {
        assertThat(new CounterBasedRandom(0).words(0, 0, 0, 0))
                .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertThat(new CounterBasedRandom(-1).words(-1, -1, -1, -1))
                .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertThat(new CounterBasedRandom(0x299f31d0a4093822L)
                .words(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344))
                        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test
    void uniformNumbers() {
        CounterBasedRandom random = new CounterBasedRandom(5);
        assertThat(LongStream.range(0, 10_000).mapToDouble(random::uniform)).allMatch(u -> u >= 0 && u < 1);
        double mean = LongStream.range(0, 10_000).mapToDouble(random::uniform).average().orElseThrow();
        assertThat(mean).isBetween(0.485, 0.515);
        assertThat(random.uniform(3)).isEqualTo(new CounterBasedRandom(5).uniform(3));
        assertThat(random.uniform(1L << 40)).isNotEqualTo(random.uniform(0));
    }
}
