// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.zoo.cli.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the checkout of this project whose sources are read and whose documents are written. */
public final class Checkout {

    private Checkout() {}

    /**
     * Looks in the working directory and above.
     *
     * @return root of the checkout
     */
    public static Path find() {
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (isRoot(folder)) {
                return folder;
            }
        }
        throw new CommandException(
                "There is no checkout of dl4j-pooling in " + start + " or above; name it: --checkout");
    }

    static Path at(Path folder) {
        if (!isRoot(folder)) {
            throw new CommandException(folder + " is not the root of a checkout of dl4j-pooling");
        }
        return folder;
    }

    private static boolean isRoot(Path folder) {
        return Files.isDirectory(folder.resolve("samediff-ops/src/main/java"))
                && Files.isDirectory(folder.resolve("docs"));
    }
}
