// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.bytedeco.javacpp.Pointer;

/** What DL4J's file of a network unpacks to, which DL4J does not look at before it unpacks. */
final class StoredNetwork {

    private static final long MOST_OF_CONFIGURATION = 1 << 26; // bytes; that of the largest model of the zoo: 300,000
    private static final int BLOCK = 1 << 16;

    private StoredNetwork() {}

    /** Fails for a file that would not fit in memory, such as one that was made to fill it. */
    static void check(Path file) throws IOException {
        check(file, Pointer.availablePhysicalBytes());
    }

    static void check(Path file, long memory) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            long total = 0;
            for (ZipEntry entry : Collections.list(zip.entries())) {
                total += Math.max(0, entry.getSize());
                if (total > memory && memory > 0) {
                    throw new IOException(file + " unpacks to " + total + " bytes or more, the system has " + memory
                            + " available");
                }
                if (entry.getName().endsWith(".json")) { // becomes one string, whatever size the entry claims
                    try (InputStream in = zip.getInputStream(entry)) {
                        requireShort(file, entry.getName(), in);
                    }
                }
            }
        }
    }

    private static void requireShort(Path file, String name, InputStream in) throws IOException {
        byte[] block = new byte[BLOCK];
        long bytes = 0;
        for (int read = in.read(block); read >= 0; read = in.read(block)) {
            bytes += read;
            if (bytes > MOST_OF_CONFIGURATION) {
                throw new IOException(file + ": " + name + " has more than " + MOST_OF_CONFIGURATION + " bytes");
            }
        }
    }
}
