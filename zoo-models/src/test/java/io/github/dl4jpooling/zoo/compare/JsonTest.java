// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTest {

    @TempDir
    private Path folder;

    @Test
    void filesLargerThanAnyThatWasWritten() throws IOException {
        Path file = folder.resolve("results.json");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength((1L << 26) + 1);
        }
        assertThatThrownBy(() -> Json.read(file, Double.class)).isInstanceOf(IOException.class)
                .hasMessageContainingAll("results.json", "67108865 bytes", "at most 67108864");
        Files.writeString(file, "2.5");
        assertThat(Json.read(file, Double.class)).isEqualTo(2.5);
    }
}
