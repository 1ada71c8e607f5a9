// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.zoo.catalogue.OperatorTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The document on the operators is up to date and complete. */
class OperatorDocumentsTest {

    private static final int LARGEST_PICTURE = 12_000;

    private final Path checkout = Checkout.find();

    @Test
    void documentIsUpToDate() throws IOException {
        assertThat(OperatorDocuments.text(checkout))
                .as("docs/operators.md is not what the Javadoc of the operators says: run ./pooling docs and commit "
                        + "what it writes")
                .isEqualTo(Files.readString(checkout.resolve(OperatorDocuments.FILE)));
    }

    /** Tables, documents and pictures need to make ops without knowing them. */
    @TestFactory
    Stream<DynamicTest> operatorsCanBeMade() {
        return Arrays.stream(PoolingOperator.values()).map(operator -> DynamicTest.dynamicTest(operator.title(), () -> {
            assertThat(OperatorTable.example(operator, false).inputNames()).isNotEmpty();
            assertThat(OperatorTable.example(operator, true).inputNames()).isNotEmpty();
        }));
    }

    @Test
    void everyLinkHasItsHeading() throws IOException {
        String text = Files.readString(checkout.resolve(OperatorDocuments.FILE));
        assertThat(text.lines().filter(line -> line.startsWith("#"))
                .map(line -> OperatorDocuments.anchor(line.replaceFirst("#+ ", "")))
                .collect(Collectors.toList()))
                        .doesNotHaveDuplicates()
                        .containsAll(Pattern.compile("\\]\\(#([^)]*)\\)").matcher(text).results()
                                .map(match -> match.group(1)).collect(Collectors.toSet()));
    }

    @Test
    void everyPictureIsSmallAndHasItsOperator() throws IOException {
        try (Stream<Path> pictures = Files.list(checkout.resolve("docs/images/operators"))) {
            for (Path picture : pictures.collect(Collectors.toList())) {
                String stem = picture.getFileName().toString().replace(".png", "");
                assertThat(PoolingOperator.values()).as("%s", picture).anyMatch(op -> op.stem().equals(stem));
                assertThat(Files.size(picture)).as("size of %s", picture).isLessThan(LARGEST_PICTURE);
            }
        }
    }

    @Test
    void linesBreakAtBlanksThatAreNeitherInCodeNorInLinks() {
        String word = "word ".repeat(23);
        assertThat(MarkdownWriter.wrapped(word + "word `a b` c", "")).isEqualTo(word + "word\n`a b` c\n");
        assertThat(MarkdownWriter.wrapped(word + "w - [a b](#a-b)", "  ")).isEqualTo(word + "w -\n  [a b](#a-b)\n");
        assertThat(MarkdownWriter.wrapped("w".repeat(120) + " - x", "")).as("no line begins like a list")
                .isEqualTo("w".repeat(120) + " -\nx\n");
    }

    @Test
    void markupIsEscaped() {
        assertThat(MarkdownWriter.escaped("w_i * x < 1, <p> _y_ `z`"))
                .isEqualTo("w_i \\* x < 1, &lt;p> \\_y\\_ \\`z\\`");
    }
}
