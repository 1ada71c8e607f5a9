// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.zoo.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The command {@code quantize}. */
class QuantizeCommandTest {

    @TempDir
    private Path folder;

    private CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("quantize", "--output", folder.toString()));
        all.addAll(Arrays.asList(arguments));
        return CommandRun.of(all.toArray(new String[0]));
    }

    @ParameterizedTest
    @CsvSource({"max, uint8, min-max", "soft, int8, percentile"})
    void trainsSwapsAndReports(String pooling, String type, String calibration) throws IOException {
        CommandRun run = run("--train-images", "600", "--test-images", "200", "--epochs", "1", "--pooling", pooling,
                "--type", type, "--calibration", calibration, "--calibration-images", "100", "--per-channel");
        assertThat(run.exitCode).as(run.err).isZero();
        assertThat(run.out).contains("pool1", "pool2", pooling, type.toUpperCase(java.util.Locale.ROOT), "SQNR",
                "float poolings", "8-bit poolings");
        JsonNode json = new ObjectMapper().readTree(Files.readString(folder.resolve("quantization.json")));
        double before = json.get("accuracyBefore").asDouble();
        assertThat(before).isGreaterThan(0.3); // ten classes
        assertThat(json.get("accuracyAfter").asDouble()).isBetween(before - 0.02, before + 0.02);
        assertThat(json.get("lossAfter").asDouble()).isNotEqualTo(json.get("lossBefore").asDouble());
        JsonNode site = json.get("poolings").get("swapped").get(0);
        assertThat(site.get("site").asText()).isEqualTo("pool1");
        assertThat(site.get("scales")).hasSize(16);
        assertThat(site.get("signalToNoise").asDouble()).isGreaterThan(25);
    }

    @ParameterizedTest
    @CsvSource({"--calibration, minmax, minmax", "--percentile, 5, 5.0", "--epochs, 0, at least 1",
        "--calibration-images, 20000, 10000", "--pooling, nothing, nothing", "--type, int4, int4",
        "--network, missing.zip, missing.zip"})
    void refusesNonsense(String option, String value, String part) {
        CommandRun run = run(option, value);
        assertThat(run.exitCode).isNotZero();
        assertThat(run.err).contains(part);
    }

    @Test
    void loadsANetwork() throws IOException {
        ComparedModel model = ComparedModel.named("tiny");
        Path file = folder.resolve("network.zip");
        ComparedNetwork.create(model, io.github.dl4jpooling.zoo.data.ImageDatasets.load("embedded").train(),
                new TrainingJob("average", 1)).save(file.toFile());
        CommandRun run = run("--network", file.toString(), "--test-images", "64", "--calibration-images", "32");
        assertThat(run.exitCode).as(run.err).isZero();
        assertThat(run.out).contains("average", "8-bit poolings");
    }
}
