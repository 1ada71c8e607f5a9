// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.spark;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ends the process of an executor, as a machine that fails does. */
final class DyingExecutor {

    private static final int KILLED = 137;

    private DyingExecutor() {}

    /**
     * Ends the process unless another has done so.
     *
     * @param value what to return otherwise
     * @param mark file that the first process makes before it ends
     * @param <T> its type
     * @return the value
     */
    static <T> T unlessMarked(T value, String mark) throws IOException {
        try {
            Files.createFile(Path.of(mark));
        } catch (FileAlreadyExistsException e) {
            return value;
        }
        Runtime.getRuntime().halt(KILLED);
        return value;
    }
}
