// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.zoo.cli.CommandRun;
import io.github.dl4jpooling.zoo.compare.Json;
import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class RegionsCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"--seeds", "--epochs", "--scenes", "--test-scenes", "--workers"})
    void numbersAreAtLeastOne(String option, @TempDir Path folder) {
        CommandRun run = CommandRun.of("regions", option, "0", "--output", folder.toString());
        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err).startsWith("./pooling regions: " + option + " is 0, expected at least 1");
    }

    @Test
    void unknownPooling() {
        CommandRun run = CommandRun.of("regions", "--regions", "align,allign");
        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err).startsWith("./pooling regions: --regions: region pooling \"allign\" is unknown, expected"
                + " pool, pool-average, align-max, align, deformable");
    }

    @Test
    void outputThatIsAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        CommandRun run = CommandRun.of("regions", "--output", file.toString());
        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.err).startsWith("./pooling regions: --output " + file + " is not a folder");
    }

    @Test
    void trainsAndReports(@TempDir Path folder) throws Exception {
        CommandRun run = CommandRun.of("regions", "--regions", "pool,deformable", "--seeds", "1", "--epochs", "1",
                "--scenes", "4", "--test-scenes", "2", "--output", folder.toString());
        assertThat(run.err).isEmpty();
        assertThat(run.exitCode).isZero();
        assertThat(run.out).contains("RoI pool ", "deformable RoI", "One pair of networks says nothing",
                "Repeat with: ./pooling regions --regions pool,deformable --seeds 1 --epochs 1 --scenes 4"
                        + " --test-scenes 2");
        RegionStudy study = Json.read(folder.resolve("results.json"), RegionStudy.class);
        assertThat(study.runs(Regions.MAX)).hasSize(1);
        assertThat(study.runs(Regions.DEFORMABLE)).hasSize(1);
        assertThat(folder).isDirectoryContaining("glob:**/regions.png");
    }

    @Test
    void swapsTo8Bits(@TempDir Path folder) throws Exception {
        CommandRun run = CommandRun.of("regions", "--quantize", "int8", "--epochs", "1", "--scenes", "12",
                "--test-scenes", "3", "--output", folder.toString());
        assertThat(run.err).isEmpty();
        assertThat(run.exitCode).isZero();
        assertThat(run.out).contains("regions", "roi align", "INT8", "SQNR", "float poolings", "8-bit poolings");
        JsonNode json = new ObjectMapper().readTree(Files.readString(folder.resolve("quantization.json")));
        assertThat(json.get("poolings").get("swapped")).hasSize(3);
        double before = json.get("before").get("refinedIou").asDouble();
        assertThat(json.get("after").get("refinedIou").asDouble())
                .isNotEqualTo(before).isBetween(before - 0.02, before + 0.02);
        CommandRun wrong = CommandRun.of("regions", "--quantize", "int4", "--output", folder.toString());
        assertThat(wrong.exitCode).isEqualTo(2);
        assertThat(wrong.err).startsWith("./pooling regions: --quantize is int4, expected int8 or uint8");
    }
}
