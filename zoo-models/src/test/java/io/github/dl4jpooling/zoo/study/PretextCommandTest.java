// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.zoo.cli.CommandRun;
import io.github.dl4jpooling.zoo.compare.Json;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import io.github.dl4jpooling.zoo.model.PretextNet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PretextCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"--seeds", "--epochs", "--images", "--test-images", "--workers"})
    void numbersAreAtLeastOne(String option, @TempDir Path folder) {
        assertRefused(option + " is 0, expected at least 1", option, "0", "--output", folder.toString());
    }

    @Test
    void unknownNames() {
        assertRefused("--poolings: pooling \"maxx\" is unknown, expected max", "--poolings", "maxx");
        assertRefused("--objective is \"guess\", expected reconstruction or contrastive", "--objective", "guess");
        assertRefused("--images or --test-images: n is 10001, expected 1 to 10000", "--images", "10001");
    }

    private static void assertRefused(String message, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "pretext";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        CommandRun run = CommandRun.of(all);
        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err).startsWith("./pooling pretext: " + message);
    }

    @Test
    void trainsAndReports(@TempDir Path folder) throws Exception {
        CommandRun run = CommandRun.of("pretext", "--poolings", "max,soft", "--seeds", "2", "--epochs", "1",
                "--images", "100", "--test-images", "50", "--output", folder.toString());
        assertThat(run.err).isEmpty();
        assertThat(run.exitCode).isZero();
        assertThat(run.out).contains("max ", "soft - max", "error", "probe",
                "Repeat with: ./pooling pretext --poolings max,soft --objective reconstruction --seeds 2 --epochs 1"
                        + " --images 100 --test-images 50");
        PretextStudy study = Json.read(folder.resolve("results.json"), PretextStudy.class);
        assertThat(study.runs("max")).hasSize(2);
        assertThat(study.runs("soft")).hasSize(2);
        assertThat(folder).isDirectoryContaining("glob:**/pretext.png");
    }

    /** Learns in seconds: the code tells more after training than before, and images come back better. */
    @Test
    void trainingKeepsMore() throws Exception {
        PretextRun brief = run(1, PretextNet.Objective.RECONSTRUCTION);
        PretextRun longer = run(6, PretextNet.Objective.RECONSTRUCTION);
        assertThat(longer.error()).isLessThan(0.8 * brief.error());
        assertThat(longer.accuracy()).isGreaterThan(0.5);
        assertThat(longer.untrained()).isEqualTo(brief.untrained());
        PretextRun contrastive = run(2, PretextNet.Objective.CONTRASTIVE);
        assertThat(contrastive.error()).isNaN();
        assertThat(contrastive.accuracy()).isGreaterThan(0.5);
    }

    private static PretextRun run(int epochs, PretextNet.Objective objective) throws Exception {
        PretextProtocol protocol = new PretextProtocol(List.of("max"), objective, 1, epochs, 600, 200);
        return new PretextTraining(protocol, ImageDatasets.load(ImageDatasets.EMBEDDED), "max", 1).run();
    }
}
