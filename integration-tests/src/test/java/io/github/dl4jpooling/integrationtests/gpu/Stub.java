// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import io.github.dl4jpooling.kernel.ComputeDevices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/** The stub driver that tests run with on machines without GPU. What it can be told: stub_control.h of samediff-ops. */
final class Stub {

    private static final String CONTROL = System.getenv("POOLING_STUB_CONTROL");

    private Stub() {}

    /** Whether it is there, instead of a real driver. */
    static boolean isThere() {
        return CONTROL != null;
    }

    /** Tells it something, and opens the devices anew. */
    static void tell(String words) {
        try {
            Path part = Files.createTempFile(Paths.get(CONTROL).toAbsolutePath().getParent(), "control", ".part");
            Files.write(part, words.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            Files.move(part, Paths.get(CONTROL), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells it to behave well again. */
    static void forget() {
        tell("");
        ComputeDevices.use("cuda");
    }
}
