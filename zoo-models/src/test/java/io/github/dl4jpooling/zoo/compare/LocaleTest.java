// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files, tables and pictures are the same in every country: with decimal commas, other digits, another lower case. */
class LocaleTest {
    private final Locale before = Locale.getDefault();
    private final Comparison comparison = TestComparisons.three();

    @TempDir
    private Path folder;

    @AfterEach
    void restore() {
        Locale.setDefault(before);
    }

    private List<String> texts(String name) throws IOException {
        Path results = Files.createDirectory(folder.resolve(name));
        ResultFiles.write(comparison, results);
        List<String> texts = new ArrayList<>(Findings.of(comparison));
        Collections.addAll(texts, Files.readString(results.resolve("results.csv")),
                Files.readString(results.resolve("results.json")),
                HtmlReport.create(comparison, new byte[0], List.of(), ""),
                ResultTable.create(comparison).toText(), ResultTable.statistics(comparison).toText(),
                Json.line(Json.read(results.resolve("results.json"), Comparison.class)));
        return texts;
    }

    private int[] pixels() {
        BufferedImage image = Charts.draw(comparison);
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    @ParameterizedTest
    @ValueSource(strings = {"de-DE", "ar-EG-u-nu-arab", "tr-TR", "hi-IN-u-nu-deva"})
    void sameEverywhere(String tag) throws IOException {
        Locale.setDefault(Locale.ROOT);
        List<String> expected = texts("root");
        int[] picture = pixels();
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertThat(texts(tag)).isEqualTo(expected);
        assertThat(pixels()).as("picture").isEqualTo(picture);
    }
}
