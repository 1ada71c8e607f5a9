// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.zoo.cli.PoolingSubcommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./pooling docs}: writes docs/operators.md and its pictures. */
@Command(
        name = "docs",
        sortOptions = false,
        description = {
            "Write " + OperatorDocuments.FILE + " and its pictures, for those who work on this project.",
            "Both come from the list of operators and the Javadoc of their classes."
        })
public final class DocsCommand implements PoolingSubcommand {

    @Option(
            names = "--checkout",
            paramLabel = "DIR",
            description = "Root of a checkout. Default: the working directory or the nearest above it.")
    private Path checkout;

    @Option(names = "--no-pictures", description = "Write the text only.")
    private boolean noPictures;

    @Option(
            names = "--measure",
            description = "Time the operators first, which takes some ten seconds for each. The figures mean "
                    + "something only where the machine does nothing else.")
    private boolean measure;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "1",
            description = "Measuring time of each figure. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--gpu",
            description = "Compile the kernels for GPUs with nvcc, which takes minutes, and write " + GpuDocument.FILE
                    + " and nothing else.")
    private boolean gpu;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path root = checkout == null ? Checkout.find() : Checkout.at(checkout);
        PrintWriter out = spec.commandLine().getOut();
        if (gpu) {
            writeGpu(root, out);
            return 0;
        }
        if (measure) {
            List<PoolingOperator> operators = Arrays.stream(PoolingOperator.values())
                    .filter(PoolingOperator::hasGradient) // both passes are measured
                    .collect(Collectors.toList());
            out.println("Written: " + OperatorCosts.measure(seconds, operators).write(root));
        }
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

    private void writeGpu(Path root, PrintWriter out) throws IOException {
        if (!GpuCompilation.isPossible()) {
            throw new ParameterException(spec.commandLine(), "--gpu needs nvcc on the PATH");
        }
        Path file = root.resolve(GpuDocument.FILE);
        Files.writeString(
                file,
                GpuDocument.text(GpuCompilation.compile(GpuCompilation.stems(root), GpuDocument.TARGETS)));
        out.println("Written: " + file);
        out.flush();
    }
}
