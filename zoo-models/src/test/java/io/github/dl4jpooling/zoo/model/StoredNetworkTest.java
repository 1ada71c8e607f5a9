// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are small until they are unpacked. */
class StoredNetworkTest {

    private static final long PLENTY = 1L << 40;

    @TempDir
    private Path folder;

    private Path zip(String entry, int megabytes) throws IOException {
        Path file = folder.resolve("network.zip");
        try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(entry));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < megabytes; i++) {
                zip.write(zeros);
            }
        }
        return file;
    }

    @Test
    void configurationsThatFillMemory() throws IOException {
        Path file = zip("configuration.json", 65);
        assertThatThrownBy(() -> StoredNetwork.check(file, PLENTY)).isInstanceOf(IOException.class)
                .hasMessageContainingAll("configuration.json", "more than 67108864 bytes");
    }

    @Test
    void parametersThatFillMemory() throws IOException {
        Path file = zip("coefficients.bin", 20);
        assertThatThrownBy(() -> StoredNetwork.check(file, 1 << 24)).isInstanceOf(IOException.class)
                .hasMessageContainingAll("20971520 bytes", "16777216 available");
    }

    @Test
    void ordinaryFiles() throws IOException {
        Path file = zip("configuration.json", 1);
        assertThatCode(() -> StoredNetwork.check(file, PLENTY)).doesNotThrowAnyException();
    }
}
