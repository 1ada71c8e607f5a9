// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.zoo.cli.CommandRun;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecommendCommandTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--seeds=0             | --seeds is 0, expected at least 1",
        "--train-images=8001   | --train-images is 8001, but the data have 8000 training images",
        "--pooling=sofd        | --pooling: pooling \"sofd\" is unknown, expected max, average",
        "--pooling=max         | --pooling: there is nothing to choose from but max"})
    void wrongInputIsOneSentence(String option, String message) {
        CommandRun run = CommandRun.of("recommend", option);
        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err).startsWith("./pooling recommend: " + message).doesNotContain("Exception", "\tat ");
    }

    /** Three candidates, one after the first round, then the check; a second command trains nothing. */
    @Test
    @Timeout(300)
    void halvesUntilOneIsLeft(@TempDir Path folder) throws Exception {
        String[] command = {"recommend", "--pooling", "avg,min,soft", "--seeds", "1", "--epochs", "1",
            "--train-images", "100", "--batch", "20", "--workers", "1", "--output", folder.toString()};
        CommandRun run = CommandRun.of(command);
        assertThat(run.err).isEmpty();
        assertThat(run.exitCode).isZero();
        assertThat(run.out).contains("Round 1: 1 seed, 1 epoch on 100 training images, measured on 2000 images set",
                "reference", "kept", "dropped", "Final check of ", "on the test images", "Of 3 poolings ",
                "Recommended: ", "    .layer(new ", "    PoolingSwap.to(Pooling.named(\"").doesNotContain("Round 2");
        Recommendation result = Json.read(folder.resolve("recommendation.json"), Recommendation.class);
        assertThat(result.rounds()).hasSize(1);
        Comparison round = result.rounds().get(0);
        assertThat(round.protocol().validation()).isTrue();
        assertThat(round.summaries()).extracting(VariantSummary::pooling)
                .containsExactly("max", "average", "min", "soft");
        String best = round.summaries().stream().skip(1)
                .reduce((a, b) -> b.accuracy() > a.accuracy() ? b : a).orElseThrow().pooling();
        assertThat(result.check().protocol().poolings()).containsExactly("max", best);
        assertThat(result.check().protocol().seeds()).isEqualTo(2);
        assertThat(result.check().protocol().validation()).isFalse();

        CommandRun again = CommandRun.of(command);
        assertThat(again.exitCode).isZero();
        assertThat(again.out).contains("4 of 4 networks there already").doesNotContain("Training ");
    }

    @Test
    void evidenceInWords() {
        Comparison real = TestComparisons.of("max", new double[] {.80, .82, .84, .81},
                "soft", new double[] {.811, .829, .851, .819});
        Recommendation soft = new Recommendation(List.of(real), real);
        assertThat(soft.pooling()).isEqualTo("soft");
        assertThat(soft.evidence()).startsWith("better than max (+1.00 points on 10 test images, 95 % interval ");

        Comparison noise = TestComparisons.of("max", new double[] {.80, .82, .84}, "soft",
                new double[] {.805, .815, .85});
        assertThat(new Recommendation(List.of(noise), noise).evidence())
                .startsWith("not distinguishable from max (+0.33 points on 10 test images");

        Comparison worse = TestComparisons.of("max", new double[] {.80, .82, .84, .81},
                "average", new double[] {.701, .722, .741, .708});
        Recommendation max = new Recommendation(List.of(worse), worse);
        assertThat(max.pooling()).isEqualTo("max");
        assertThat(max.evidence()).startsWith("worse than max (-9.95 points");
    }

    @Test
    void linesToPaste() {
        PoolingWindow window = PoolingWindow.builder(2, 2).stride(2, 2).build();
        assertThat(BuilderLine.of("soft", window))
                .isEqualTo(".layer(new SoftPooling.Builder(2, 2).stride(2, 2).build())");
        assertThat(BuilderLine.of("dpp_full", window))
                .isEqualTo(".layer(new DppPooling.Builder(2, 2).stride(2, 2).full(true).build())");
        Map<String, String> own = Map.of("max", "MAX", "average", "AVG");
        own.forEach((name, type) -> assertThat(BuilderLine.of(name, window)).isEqualTo(
                ".layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType." + type
                        + ").kernelSize(2, 2).stride(2, 2).build())"));
        assertThat(BuilderLine.of("pnorm2", window)).contains(".PNORM)", ".pnorm(2)");
        assertThat(BuilderLine.swap("soft")).isEqualTo("PoolingSwap.to(Pooling.named(\"soft\")).apply(network)");
        for (String name : Pooling.names()) {
            assertThat(BuilderLine.of(name, window)).as(name).contains("Builder(", ".stride(2, 2)");
        }
    }
}
