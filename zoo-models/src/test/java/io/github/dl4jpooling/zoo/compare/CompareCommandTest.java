// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.zoo.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareCommandTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--epohcs=2            | Unknown option: '--epohcs=2'",
        "--seeds=0             | --seeds is 0, expected at least 1",
        "--seeds=two           | Invalid value for option '--seeds': 'two' is not an int",
        "--epochs=-1           | --epochs is -1, expected at least 1",
        "--batch=0             | --batch is 0, expected at least 1",
        "--workers=0           | --workers is 0, expected at least 1",
        "--train-images=0      | --train-images is 0, expected at least 1",
        "--train-images=10001  | --train-images is 10001, but the data have 10000 training images",
        "--test-images=2001    | --test-images is 2001, but the data have 2000 test images",
        "--model=vgg           | --model: model \"vgg\" is unknown, expected one of tiny, lenet",
        "--pooling=max,sofd    | --pooling: pooling \"sofd\" is unknown, expected max, average",
        "--pooling=max,max     | --pooling names a pooling twice: [max, max]",
        "--data=/no/such/place | --data: data set \"/no/such/place\" is unknown, expected embedded,"
                + " fashion-mnist or an existing folder"})
    void wrongInputIsOneSentence(String option, String message) {
        CommandRun run = CommandRun.of("compare", option);
        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.out).isEmpty();
        assertThat(run.err).startsWith("./pooling compare: " + message)
                .endsWith("Help: ./pooling compare --help" + System.lineSeparator())
                .doesNotContain("Exception", "\tat ");
        assertThat(run.err.lines().filter(line -> !line.startsWith("Possible solutions"))).hasSize(2);
    }

    @Test
    void folderWithoutImages(@TempDir Path folder) {
        CommandRun run = CommandRun.of("compare", "--data", folder.toString());
        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.err.lines()).hasSize(1);
        assertThat(run.err).startsWith("./pooling compare: cannot load --data " + folder + ": ");
    }

    @Test
    void outputThatIsAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        CommandRun run = CommandRun.of("compare", "--output", file.toString());
        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.err.lines()).hasSize(1);
        assertThat(run.err).startsWith("./pooling compare: --output " + file + " is not a folder");
    }

    @Test
    void helpNamesDefaultsAndChoices() {
        assertThat(CommandRun.of("compare", "--help").out.replaceAll("\\s+", " ")).contains(
                "Default: embedded", "Default: tiny", "out of max, average,", "Default: 10, with --quick 3",
                "Default: 10000, with --quick 4000", "Examples:", "./pooling compare --quick");
    }

    /** The whole way: two networks in two processes, and everything they leave. */
    @Test
    void comparesTwoPoolings(@TempDir Path folder) throws Exception {
        Path output = folder.resolve("my results");
        CommandRun run = CommandRun.of("compare", "--pooling", "max,soft", "--seeds", "1", "--epochs", "2",
                "--train-images", "300", "--test-images", "100", "--workers", "2", "--output", output.toString());
        assertThat(run.err).isEmpty();
        assertThat(run.exitCode).isZero();
        assertThat(run.out).contains("Fashion-MNIST, embedded subset", "300 training and 100 test images",
                "Training 2 networks for 2 epochs in 2 processes", "10.00 % accuracy",
                "Repeat with: ./pooling compare --data embedded --model tiny --pooling max,soft --seeds 1 --epochs 2"
                        + " --train-images 300 --test-images 100 --batch 64",
                "Report: " + output);
        assertThat(output).isDirectoryContaining("glob:**/report.html").isDirectoryContaining("glob:**/results.csv")
                .isDirectoryContaining("glob:**/curves.png").isDirectoryContaining("glob:**/feature-maps.png");
        Comparison comparison = Json.read(output.resolve("results.json"), Comparison.class);
        assertThat(comparison.summaries()).extracting(VariantSummary::pooling).containsExactly("max", "soft");
        assertThat(comparison.runs()).hasSize(2).allSatisfy(result -> {
            assertThat(result.parameters()).isEqualTo(105_866);
            assertThat(result.epochs()).hasSize(2);
            assertThat(result.accuracy()).isGreaterThan(0.2);
            EpochResult last = result.epochs().get(1);
            assertThat(last.trainLoss()).isPositive().isLessThan(result.epochs().get(0).trainLoss());
            assertThat(last.trainMillis()).isPositive();
            assertThat(last.inferenceMillis()).isPositive();
        });
    }
}
