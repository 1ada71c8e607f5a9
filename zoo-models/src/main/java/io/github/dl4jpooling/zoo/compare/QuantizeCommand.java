// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.layers.quantization.Calibration;
import io.github.dl4jpooling.zoo.cli.CommandException;
import io.github.dl4jpooling.zoo.cli.PoolingSubcommand;
import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.swap.QuantizedSwap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Turns the poolings of a trained network into their 8-bit forms and says what that costs. */
@Command(name = "quantize", description = {
    "Turn the poolings of a trained network into their 8-bit forms, and measure what that costs.",
    "",
    "Trains a network, or loads one, calibrates on training images, swaps, and prints scale, zero point and error of"
            + " each pooling and the accuracy on the test images before and after. Writes quantization.json."},
        footer = {"", "Examples:", "  ./pooling quantize",
            "  ./pooling quantize --pooling soft --calibration percentile --type int8",
            "  ./pooling quantize --network trained.zip --data ~/photos", "  ./pooling quantize --operators"})
public final class QuantizeCommand implements PoolingSubcommand {
    private static final int CALLS = 21; // of an operator
    private static final int ROUNDS = 5; // of each network, alternately; the median counts

    /** For the command line: names as they are typed. */
    enum Bits {
        /** Signed. */
        int8(DataType.INT8),
        /** Unsigned. */
        uint8(DataType.UINT8);

        private final DataType type;

        Bits(DataType type) {
            this.type = type;
        }
    }

    @Mixin
    private TrainingOptions options;

    @Option(names = "--network", paramLabel = "FILE",
            description = "A network that DL4J saved, trained on such images. Default: one is trained")
    private Path network;

    @Option(names = "--pooling", paramLabel = "NAME", defaultValue = "max", completionCandidates = PoolingNames.class,
            description = {"Pooling of the network that is trained.", "Default: ${DEFAULT-VALUE}"})
    private String pooling;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "4",
            description = {"How often it sees the training images.", "Default: ${DEFAULT-VALUE}"})
    private int epochs;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = {"Seed of weights and order of images.", "Default: ${DEFAULT-VALUE}"})
    private int seed;

    @Option(names = "--train-images", paramLabel = "N",
            description = {"Training images: a part with the same share of each class.", "Default: all"})
    private Integer trainImages;

    @Option(names = "--test-images", paramLabel = "N", description = {"Test images.", "Default: all"})
    private Integer testImages;

    @Option(names = "--type", paramLabel = "TYPE", defaultValue = "uint8",
            description = {"int8 or uint8.", "Default: ${DEFAULT-VALUE}"})
    private Bits type;

    @Option(names = "--calibration", paramLabel = "NAME", defaultValue = "min-max",
            description = {"min-max, moving-average or percentile.", "Default: ${DEFAULT-VALUE}"})
    private String calibration;

    @Option(names = "--percentile", paramLabel = "P", defaultValue = "99.99",
            description = {"Share of the numbers within each end of the range.", "Default: ${DEFAULT-VALUE}"})
    private double percentile;

    @Option(names = "--per-channel", description = "A scale and zero point for each channel.")
    private boolean perChannel;

    @Option(names = "--calibration-images", paramLabel = "N", defaultValue = "500",
            description = {"Training images to calibrate with.", "Default: ${DEFAULT-VALUE}"})
    private int calibrationImages;

    @Option(names = "--operators", description = "Only time the operators, float and 8-bit, on a map of 32x64x112x112.")
    private boolean operators;

    @Option(names = "--output", paramLabel = "DIR", defaultValue = "results/quantize",
            description = {"Folder for the results.", "Default: ${DEFAULT-VALUE}"})
    private Path output;

    @Override
    public Integer call() throws IOException {
        options.check();
        if (operators) {
            options.out().print(new QuantizedTimes(CALLS).table().toText());
            options.out().flush();
            return 0;
        }
        options.requireAtLeastOne("--epochs", epochs);
        options.requireAtLeastOne("--train-images", trainImages);
        options.requireAtLeastOne("--test-images", testImages);
        options.requireAtLeastOne("--calibration-images", calibrationImages);
        QuantizedSwap swap = options.orWrongUsage("--calibration or --percentile", this::swap);
        ImageDataset all = options.load();
        int train = trainImages == null ? all.train().size() : trainImages;
        int test = testImages == null ? all.test().size() : testImages;
        options.requireAtMost("--train-images", train, all.train().size(), "training");
        options.requireAtMost("--test-images", test, all.test().size(), "test");
        options.requireAtMost("--calibration-images", calibrationImages, train, "training");
        ImageDataset images = all.take(train, test);
        ComparedNetwork before = network == null ? trained(images) : loaded();
        QuantizationRun run = QuantizationRun.of(
                before, swap, images, calibrationImages, options.batch(), ROUNDS);
        run.print(options.out());
        Json.write(TrainingOptions.folder(output).resolve("quantization.json"), run);
        return 0;
    }

    private QuantizedSwap swap() {
        String name = calibration.toUpperCase(Locale.ROOT).replace('-', '_');
        if (Arrays.stream(Calibration.values()).noneMatch(known -> known.name().equals(name))) {
            throw new IllegalArgumentException("calibration \"" + calibration + "\" is unknown, expected one of "
                    + Arrays.stream(Calibration.values())
                            .map(known -> known.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .collect(Collectors.joining(", ")));
        }
        return QuantizedSwap.to(type.type).calibration(Calibration.valueOf(name)).percentile(percentile)
                .perChannel(perChannel);
    }

    private ComparedNetwork trained(ImageDataset images) {
        String name = options.poolings(List.of(pooling)).get(0);
        Protocol protocol = new Protocol(options.data(), options.model(), List.of(name), 1, epochs,
                images.train().size(), images.test().size(), options.batch(), false);
        TrainingRun run = options.orWrongUsage("--model or --pooling",
                () -> new TrainingRun(protocol, images, new TrainingJob(name, seed)));
        int[] epoch = {0};
        run.train(() -> {
            options.out().println("Epoch " + ++epoch[0] + " of " + epochs);
            options.out().flush();
        });
        return run.network();
    }

    private ComparedNetwork loaded() {
        for (boolean isGraph : new boolean[] {false, true}) {
            try {
                return ComparedNetwork.load(network.toFile(), isGraph);
            } catch (IOException e) {
                throw new CommandException("cannot read --network " + network + ": " + e.getMessage(), e);
            } catch (RuntimeException e) {
                continue; // perhaps it is of the other kind
            }
        }
        throw new ParameterException(options.commandLine(), "--network " + network + " holds no network of DL4J");
    }
}
