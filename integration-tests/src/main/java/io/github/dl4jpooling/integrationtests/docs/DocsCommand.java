// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.zoo.cli.PoolingSubcommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./pooling docs}: writes docs/operators.md and its pictures. */
@Command(
        name = "docs",
        sortOptions = false,
        description = {
            "Writes " + OperatorDocuments.FILE + " and its pictures, from the list of operators and the Javadoc of",
            "their classes. For those who work on this project."
        })
public final class DocsCommand implements PoolingSubcommand {

    @Option(
            names = "--checkout",
            paramLabel = "DIR",
            description = "Root of a checkout. Default: the working directory or the nearest above it.")
    private Path checkout;

    @Option(names = "--no-pictures", description = "Write the text only.")
    private boolean noPictures;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path root = checkout == null ? Checkout.find() : Checkout.at(checkout);
        PrintWriter out = spec.commandLine().getOut();
        if (!noPictures) {
            OperatorPictures pictures = new OperatorPictures();
            for (PoolingOperator operator : PoolingOperator.values()) {
                Path picture = root.resolve(OperatorPictures.path(operator));
                Optional<byte[]> drawn = pictures.draw(operator);
                if (drawn.isPresent()) {
                    Files.createDirectories(picture.getParent());
                    Files.write(picture, drawn.get());
                } else {
                    Files.deleteIfExists(picture);
                    out.println(operator.title() + " cannot be drawn");
                }
            }
        }
        Path file = root.resolve(OperatorDocuments.FILE);
        Files.writeString(file, OperatorDocuments.text(root));
        out.println("Written: " + file);
        out.flush();
        return 0;
    }
}
