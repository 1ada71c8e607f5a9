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
        "--model=vgg           | --model: model \"vgg\" is unknown, expected one of tiny, lenet, simplecnn",
        "--pooling=max,sofd    | --pooling: pooling \"sofd\" is unknown, expected max, average",
        "--pooling=max,max     | --pooling names a pooling twice: [max, max]",
        "--pooling=avg,average | --pooling names a pooling twice: [average, average]",
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
                "avg is short for average",
                "Default: 10000, with --quick 4000", "Examples:", "./pooling compare --quick");
    }
}
