// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says of this process. */
public final class ProcessStatus {

    /** Where it says so. */
    public static final Path FILE = Path.of("/proc/self/status");

    private ProcessStatus() {}

    /**
     * Reads a number.
     *
     * @param name what stands before it, with the colon
     * @return the number; of memory, kilobytes
     * @throws IOException if there is no such file or line
     */
    public static long number(String name) throws IOException {
        return Files.readAllLines(FILE).stream().filter(line -> line.startsWith(name)).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .orElseThrow(() -> new IOException(FILE + " has no " + name));
    }
}
