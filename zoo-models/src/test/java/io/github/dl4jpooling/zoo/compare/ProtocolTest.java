// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolTest {
    private final Protocol protocol =
            new Protocol("my 'pictures'", "lenet", List.of("max", "soft"), 2, 3, 40, 20, 8, false);

    @Test
    void pairsAreCompletedEarly() {
        assertThat(protocol.jobs()).extracting(TrainingJob::toString).containsExactly("max pooling with seed 1",
                "soft pooling with seed 1", "max pooling with seed 2", "soft pooling with seed 2");
    }

    @Test
    void commandLineSpellsEverythingOutForAShell() {
        assertThat(protocol.commandLine()).isEqualTo("./pooling compare --data 'my '\\''pictures'\\''' --model lenet"
                + " --pooling max,soft --seeds 2 --epochs 3 --train-images 40 --test-images 20 --batch 8");
    }

    @Test
    void survivesJson() throws IOException {
        Protocol copy = Json.parse(Json.line(protocol), Protocol.class);
        assertThat(copy).usingRecursiveComparison().isEqualTo(protocol);
    }
}
