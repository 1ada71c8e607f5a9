// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.zip.Adler32;
import java.util.zip.CheckedInputStream;

/** Says whether a file has the content that is expected. */
@FunctionalInterface
public interface FileCheck {

    /**
     * Checks a file.
     *
     * @param file the file; only read
     * @return what is wrong: size, what was found and what is expected, as part of a sentence; empty if nothing is
     * @throws IOException if it cannot be read
     */
    String defect(Path file) throws IOException;

    /**
     * Expects an Adler-32 sum, DL4J's for stored networks. It shows damage, not forgery.
     *
     * @param expected the sum
     * @return the check
     */
    static FileCheck adler32(long expected) {
        return file -> {
            try (CheckedInputStream in = new CheckedInputStream(Files.newInputStream(file), new Adler32())) {
                in.transferTo(OutputStream.nullOutputStream());
                long found = in.getChecksum().getValue();
                return found == expected
                        ? ""
                        : Files.size(file) + " bytes with the Adler-32 sum " + found + ", expected " + expected;
            }
        };
    }

    /**
     * Expects a SHA-256 sum.
     *
     * @param expected 64 hexadecimal digits
     * @return the check
     * @throws IllegalArgumentException if they are not
     */
    static FileCheck sha256(String expected) {
        if (expected == null || !expected.matches("[0-9a-fA-F]{64}")) {
            throw new IllegalArgumentException("a SHA-256 sum has 64 hexadecimal digits, got \"" + expected + "\"");
        }
        return file -> {
            MessageDigest digest = Sha256.start();
            try (InputStream in = Files.newInputStream(file)) {
                in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            }
            String found = Sha256.text(digest);
            return found.equals(expected.toLowerCase(Locale.ROOT))
                    ? ""
                    : Files.size(file) + " bytes with the SHA-256 sum " + found + ", expected " + expected;
        };
    }
}
