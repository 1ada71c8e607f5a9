// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.see;

import io.github.dl4jpooling.zoo.cli.CommandException;
import io.github.dl4jpooling.zoo.cli.PoolingSubcommand;
import io.github.dl4jpooling.zoo.compare.Picture;
import io.github.dl4jpooling.zoo.swap.Pooling;
import io.github.dl4jpooling.zoo.text.Table;
import io.github.dl4jpooling.zoo.text.WholeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.deeplearning4j.exception.DL4JException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what each pooling keeps of an image. */
@Command(name = "see", description = {
    "Show what each pooling keeps of one image, and how much it depends on where the image lies.",
    "",
    "Prints a table and writes see.png and see.html. Poolings with learned parameters have their initial values."},
        footer = {"", "Examples:", "  ./pooling see photo.jpg", "  ./pooling see --steps 2 --pooling max,average,soft"})
public final class SeeCommand implements PoolingSubcommand {
    private static final String LEGEND = "SSIM: structural similarity (Wang et al. 2004) of original and result, the"
            + " result upsampled (nearest element) and its brightness and contrast fitted by a line. PSNR: of the"
            + " values as they are, in dB. Shift: sum of |change of the output| / sum of |output| when the image moves"
            + " by one pixel, mean of right and down, without borders. \"initial\": has learned parameters, at their"
            + " initial values.";
    private static final int LARGEST_STRIDE = 1 << 10;

    @Parameters(paramLabel = "IMAGE", arity = "0..1", description = {
        "An image file that Java reads, such as PNG or JPEG, grey or coloured. Without it: an image of Fashion-MNIST"})
    private Path file;

    @Option(names = "--pooling", paramLabel = "NAME", split = ",", description = {
        "Poolings, separated by commas: names of ./pooling compare.", "Default: all that have such windows"})
    private List<String> names;

    @Option(names = "--kernel", paramLabel = "N", defaultValue = "2",
            description = {"Width and height of windows.", "Default: ${DEFAULT-VALUE}"})
    private int kernel;

    @Option(names = "--stride", paramLabel = "N", description = {"Distance of windows.", "Default: the kernel"})
    private Integer stride;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "1",
            description = {"How many times the image is pooled.", "Default: ${DEFAULT-VALUE}"})
    private int steps;

    @Option(names = "--output", paramLabel = "DIR", defaultValue = "results/see",
            description = {"Folder for the results.", "Default: ${DEFAULT-VALUE}"})
    private Path output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        int distance = stride == null ? kernel : stride;
        atLeastOne("--kernel", kernel);
        atLeastOne("--stride", distance);
        atLeastOne("--steps", steps);
        List<Pooling> poolings = poolings();
        SeenImage image = file == null ? SeenImage.example() : SeenImage.read(file);
        requireLargeEnough(image, distance);
        Path folder = folder();
        PrintWriter out = spec.commandLine().getOut();
        String description = image + "; windows of " + kernel + " x " + kernel + ", stride " + distance
                + (steps == 1 ? "" : ", " + steps + " times");
        out.println(description);
        out.println();
        List<PooledImage> results = results(image, poolings, distance);
        results.sort(Comparator.comparingDouble(PooledImage::similarity).reversed());
        Table table = table(results);
        out.print(table.toText());
        out.println();
        out.println(LEGEND);
        ContactSheet sheet = new ContactSheet(image, results);
        WholeFile.write(folder.resolve("see.png"), Picture.png(sheet.picture()));
        WholeFile.write(folder.resolve("see.html"), sheet.html(description, table, LEGEND));
        out.println("Contact sheet: " + folder.resolve("see.png") + ", " + folder.resolve("see.html"));
        out.flush();
        return 0;
    }

    private List<Pooling> poolings() {
        if (names == null) {
            return Pooling.names().stream().map(Pooling::named)
                    .filter(pooling -> pooling.dimensions().contains(2)).collect(Collectors.toList());
        }
        List<Pooling> poolings = new ArrayList<>();
        for (String name : new LinkedHashSet<>(names)) {
            try {
                poolings.add(Pooling.named(name));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--pooling: " + e.getMessage(), e);
            }
        }
        return poolings;
    }

    /** Every step, of an image cut by a pixel for the shift, needs a whole window, and SSIM a whole one of its own. */
    private void requireLargeEnough(SeenImage image, int distance) {
        long needed = 1;
        for (int i = 0; i < steps && needed <= LARGEST_STRIDE * LARGEST_STRIDE; i++) {
            needed = (needed - 1) * distance + kernel;
        }
        needed = Math.max(Ssim.WINDOW, needed + 1);
        if (Math.min(image.width(), image.height()) < needed) {
            throw new CommandException(image + ": too small, expected at least " + needed + " x " + needed
                    + " pixels for --kernel " + kernel + " --stride " + distance + " --steps " + steps);
        }
    }

    private List<PooledImage> results(SeenImage image, List<Pooling> poolings, int distance) {
        List<PooledImage> results = new ArrayList<>();
        for (Pooling pooling : poolings) {
            try {
                results.add(new PooledImage(image, pooling, kernel, distance, steps));
            } catch (IllegalArgumentException | DL4JException e) {
                if (names != null) {
                    throw new ParameterException(
                            spec.commandLine(), "--pooling " + pooling.name() + ": " + e.getMessage(), e);
                }
                spec.commandLine().getOut().println("Left out: " + pooling.name() + ", " + e.getMessage());
            }
        }
        return results;
    }

    private static Table table(List<PooledImage> results) {
        Table table = new Table("Pooling", ">SSIM", ">PSNR", ">Shift", "Parameters");
        for (PooledImage result : results) {
            table.row(result.name(), number("%.4f", result.similarity()), number("%.2f", result.peakRatio()),
                    number("%.4f", result.shiftSensitivity()), result.learned() ? "initial" : "");
        }
        return table;
    }

    private static String number(String format, double number) {
        return Double.isFinite(number) ? String.format(Locale.ROOT, format, number) : "-";
    }

    private void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), option + " is " + value + ", expected at least 1");
        }
    }

    private Path folder() {
        try {
            return Files.createDirectories(output.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new CommandException("--output " + output + " is not a folder and cannot be made one: " + e, e);
        }
    }
}
