// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and pictures from results that are there. */
class ReportTest {
    private static final int DARKEST = 0x0b0b2b;
    private static final int BRIGHTEST = 0xfdfbd0;

    @Test
    void htmlStandsAlone() throws Exception {
        Comparison comparison = TestComparisons.three();
        byte[] curves = Picture.png(Charts.draw(comparison));
        String html = HtmlReport.create(comparison, curves, List.of(Picture.png(Charts.draw(comparison))), "");
        assertThat(html).doesNotContain("<script", "http:", "https:", "${").contains("82.00 %", "-4.48 to +0.48",
                "no difference from max shown", "pictures of &quot;Tom &amp; Co&quot;", "70.00 %", "2 min 5 s",
                "Which differences are real", "95 % (bootstrap)",
                comparison.protocol().commandLine(), "oneDNN runs conv1, conv2");
        Matcher images = Pattern.compile("src=\"data:image/png;base64,([^\"]*)\"").matcher(html);
        assertThat(images.results()).hasSize(2).allSatisfy(image -> assertThat(
                ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(image.group(1))))).isNotNull());
    }

    @Test
    void htmlWithoutPicturesSaysWhy() throws Exception {
        String html = HtmlReport.create(TestComparisons.three(), new byte[0], List.of(), "No pictures: no font.");
        assertThat(html).contains("No pictures: no font.").doesNotContain("<img");
    }

    @Test
    void curvesShowEveryPoolingInItsColour() {
        BufferedImage picture = Charts.draw(TestComparisons.three());
        for (int i = 0; i < 3; i++) {
            assertThat(count(picture, Picture.CATEGORIES.get(i).getRGB())).as("pixels of pooling " + i)
                    .isGreaterThan(500);
        }
        assertThat(count(picture, Picture.CATEGORIES.get(3).getRGB())).isZero();
    }

    @Test
    void curvesOfOneRunAndOfManyPoolings() {
        int one = Charts.draw(TestComparisons.of("max", new double[] {.8})).getWidth();
        int two = Charts.draw(TestComparisons.of("max", new double[] {.8}, "soft", new double[] {.8})).getWidth();
        assertThat(two).isGreaterThan(one);
        double[] accuracies = {.8, .81};
        BufferedImage many = Charts.draw(TestComparisons.of("a", accuracies, "b", accuracies, "c", accuracies,
                "d", accuracies, "e", accuracies, "f", accuracies));
        assertThat(many.getHeight()).isGreaterThan(many.getWidth() / 2);
    }

    @Test
    void curvesOfDivergedTraining() {
        Comparison comparison = TestComparisons.three();
        List<RunResult> runs = new ArrayList<>(comparison.runs());
        EpochResult diverged = new EpochResult(Double.NaN, Double.NaN, 0, 1, 1);
        for (int i = 0; i < runs.size(); i += 3) {
            runs.set(i, new RunResult("max", 1 + i / 3, 1, "", List.of(diverged, diverged)));
        }
        Comparison failed = Comparison.of(comparison.protocol(), comparison.circumstances(), runs, Map.of());
        assertThat(count(Charts.draw(failed), Picture.CATEGORIES.get(1).getRGB())).isGreaterThan(500);
    }

    @Test
    void featureMapsShareTheScaleOfTheMapBeforePooling() {
        float[][] before = new float[4][4];
        Arrays.stream(before).forEach(row -> Arrays.fill(row, 2));
        before[0][0] = 0;
        float[][] half = {{1, 1}, {1, 1}};
        float[][] full = {{2, 2}, {2, 2}};
        Map<String, List<FeatureMaps>> maps = new LinkedHashMap<>();
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
        maps.put("max", List.of(new FeatureMaps("pool1", new float[][][] {before}, new float[][][] {full})));
        int maxOnly = count(FeatureMapPicture.draw("a boot", image, maps), BRIGHTEST);
        maps.put("average", List.of(new FeatureMaps("pool1", new float[][][] {before}, new float[][][] {half})));
        BufferedImage picture = FeatureMapPicture.draw("a boot", image, maps);
        int map = 4 * 58 * 58;
        assertThat(maxOnly).isEqualTo(map * 15 / 16 + map);
        assertThat(count(picture, BRIGHTEST)).isEqualTo(maxOnly + map * 15 / 16);
        assertThat(count(picture, DARKEST)).isEqualTo(2 * map / 16);
    }

    @Test
    void filesForOtherPrograms(@TempDir Path folder) throws Exception {
        Comparison comparison = TestComparisons.three();
        ResultFiles.write(comparison, folder);
        List<String> rows = Files.readAllLines(folder.resolve("results.csv"));
        assertThat(rows).hasSize(1 + 3 * 3 * 2).contains("average,1,2,0.900000,0.800000,0.790000,0.4000,0.1000");
        Comparison copy = Json.read(folder.resolve("results.json"), Comparison.class);
        assertThat(Json.line(copy)).isEqualTo(Json.line(comparison));
        assertThat(copy.runs()).usingRecursiveComparison().isEqualTo(comparison.runs());
    }

    private static int count(BufferedImage image, int rgb) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += (image.getRGB(x, y) & 0xffffff) == (rgb & 0xffffff) ? 1 : 0;
            }
        }
        return count;
    }
}
