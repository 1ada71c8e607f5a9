// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.see;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.dl4jpooling.zoo.cli.CommandException;
import io.github.dl4jpooling.zoo.cli.CommandRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeeCommandTest {
    private static Path write(Path folder, String name, int width, int height, int type) throws IOException {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int i = 0; i < Math.min(width, height); i++) {
            image.setRGB(i, i, 0xffff8000);
        }
        Path file = folder.resolve(name);
        ImageIO.write(image, name.substring(name.indexOf('.') + 1), file.toFile());
        return file;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--kernel=0         | --kernel is 0, expected at least 1",
        "--stride=-1        | --stride is -1, expected at least 1",
        "--steps=0          | --steps is 0, expected at least 1",
        "--pooling=max,sofd | --pooling: pooling \"sofd\" is unknown, expected max, average"})
    void wrongUsage(String option, String message) {
        CommandRun run = CommandRun.of("see", option);
        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err).startsWith("./pooling see: " + message);
    }

    @Test
    void filesThatAreNoImages(@TempDir Path folder) throws IOException {
        assertThatExceptionOfType(CommandException.class).isThrownBy(() -> SeenImage.read(folder.resolve("none.png")))
                .withMessageEndingWith("none.png does not exist");
        assertThatExceptionOfType(CommandException.class).isThrownBy(() -> SeenImage.read(folder))
                .withMessageEndingWith(" is not a file");
        Path text = Files.writeString(folder.resolve("text.png"), "text");
        assertThatExceptionOfType(CommandException.class).isThrownBy(() -> SeenImage.read(text))
                .withMessageContaining("is not an image in a format that Java reads: [").withMessageContaining("png");
        byte[] whole = Files.readAllBytes(write(folder, "whole.png", 30, 30, BufferedImage.TYPE_INT_RGB));
        Path half = Files.write(folder.resolve("half.png"), Arrays.copyOf(whole, whole.length / 2));
        assertThatExceptionOfType(CommandException.class).isThrownBy(() -> SeenImage.read(half))
                .withMessageContaining("half.png cannot be read as an image: ");
    }

    @Test
    void imagesOfWrongSize(@TempDir Path folder) throws IOException {
        Path huge = write(folder, "huge.png", 4097, 1024, BufferedImage.TYPE_BYTE_BINARY);
        assertThatExceptionOfType(CommandException.class).isThrownBy(() -> SeenImage.read(huge))
                .withMessageContaining("has 4097 x 1024 pixels, expected at most 4194304 in all");
        Path small = write(folder, "small.png", 40, 16, BufferedImage.TYPE_INT_RGB);
        CommandRun run = CommandRun.of("see", small.toString(), "--steps", "4", "--output", folder.toString());
        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.err).contains("small.png, 40 x 16 pixels, coloured: too small, expected at least 17 x 17")
                .contains("--kernel 2 --stride 2 --steps 4");
    }

    @Test
    void greyColouredAndTransparentImages(@TempDir Path folder) throws IOException {
        float[][][] grey = SeenImage.read(write(folder, "g.png", 20, 12, BufferedImage.TYPE_BYTE_GRAY)).planes();
        assertThat(grey.length).isEqualTo(1);
        float[][][] coloured = SeenImage.read(write(folder, "c.png", 20, 12, BufferedImage.TYPE_INT_RGB)).planes();
        assertThat(new float[] {coloured[0][3][3], coloured[1][3][3], coloured[2][3][3], coloured[0][3][4]})
                .containsExactly(1, 0x80 / 255f, 0, 0);
        float[][][] clear = SeenImage.read(write(folder, "t.png", 20, 12, BufferedImage.TYPE_INT_ARGB)).planes();
        assertThat(new float[] {clear[2][3][3], clear[2][3][4]}).containsExactly(0, 1); // on white
    }

    @Test
    void showsAnImage(@TempDir Path folder) throws IOException {
        Path file = write(folder, "line.png", 33, 24, BufferedImage.TYPE_INT_RGB);
        CommandRun run = CommandRun.of("see", file.toString(), "--pooling", "max,average,gated", "--kernel", "3",
                "--stride", "2", "--steps", "2", "--output", folder.toString());
        assertThat(run.err).isEmpty();
        assertThat(run.exitCode).isZero();
        assertThat(run.out).contains("line.png, 33 x 24 pixels, coloured; windows of 3 x 3, stride 2, 2 times",
                "max ", "average ", "initial");
        assertThat(ImageIO.read(folder.resolve("see.png").toFile()).getWidth()).isGreaterThan(4 * 128);
        assertThat(Files.readString(folder.resolve("see.html"))).contains("data:image/png;base64,", "<td>gated</td>")
                .doesNotContain("http");
    }

    @Test
    void everyPoolingShowsTheExample(@TempDir Path folder) throws IOException {
        CommandRun run = CommandRun.of("see", "--output", folder.toString());
        assertThat(run.exitCode).isZero();
        assertThat(run.out).doesNotContain("Left out").contains("soft ", "lip ", "deformable ", "dpp_full ");
    }
}
