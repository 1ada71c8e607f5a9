// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    @Test
    void replaces() throws IOException {
        Path file = folder.resolve("results \u00e4 \u56fe.csv");
        WholeFile.write(file, "1,5");
        WholeFile.write(file, "\u00bd");
        assertThat(file).hasContent("\u00bd");
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void keepsWhatWasThereIfWritingFails() throws IOException {
        Path file = folder.resolve("results.csv");
        WholeFile.write(file, "before");
        assertThatThrownBy(() -> WholeFile.write(file, part -> {
            Files.writeString(part, "aft");
            throw new IOException("No space left on device");
        })).isInstanceOf(IOException.class).hasMessageContaining(file.toString()).hasMessageContaining("No space left");
        assertThatThrownBy(() -> WholeFile.write(file, part -> {
            Files.writeString(part, "aft");
            throw new IllegalStateException();
        })).isInstanceOf(IllegalStateException.class);
        assertThat(file).hasContent("before");
        assertThat(folder.toFile().list()).containsExactly("results.csv");
    }

    @Test
    void namesTheFileWhereThereIsNoFolder() {
        Path file = folder.resolve("missing").resolve("results.csv");
        assertThatThrownBy(() -> WholeFile.write(file, "x")).isInstanceOf(IOException.class)
                .hasMessageContaining("cannot write " + file);
    }
}
