// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes files that are complete or not there: where the disk is full or the process ends, what was there before stays.
 */
public final class WholeFile {

    private WholeFile() {}

    /** Writes the content of a file. */
    public interface Content {
        /**
         * Writes.
         *
         * @param part file to write to
         * @throws IOException if it cannot be written
         */
        void write(Path part) throws IOException;
    }

    /**
     * Writes a file beside its place and moves it there.
     *
     * @param file its place; a file that is there is replaced
     * @param content writes it
     * @throws IOException with the file's name, if it cannot be written
     */
    public static void write(Path file, Content content) throws IOException {
        Path name = file.getFileName();
        Path part = file.resolveSibling("." + ProcessHandle.current().pid() + "-" + Thread.currentThread().getId() + "-"
                + name + ".part");
        try {
            content.write(part);
            move(part, file);
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + e, e);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Writes bytes.
     *
     * @param file its place; a file that is there is replaced
     * @param content the bytes
     * @throws IOException with the file's name, if it cannot be written
     */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, part -> Files.write(part, content));
    }

    /**
     * Writes text, as UTF-8.
     *
     * @param file its place; a file that is there is replaced
     * @param content the text
     * @throws IOException with the file's name, if it cannot be written
     */
    public static void write(Path file, String content) throws IOException {
        write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
