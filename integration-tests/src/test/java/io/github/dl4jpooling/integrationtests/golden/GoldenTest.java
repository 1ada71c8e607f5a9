// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Vectors that other implementations produced: those in the resources, and with {@code -Dgolden.dir=DIR} those of any
 * folder of the same format. A relative DIR is looked up in the current folder and in the one above it (tests run in
 * their module's folder, users call them from the project's).
 */
public class GoldenTest {

    private static final String PROPERTY = "golden.dir";
    private static final List<GoldenFolder> FOLDERS = new ArrayList<>();

    @TestFactory
    Stream<DynamicTest> resources() throws URISyntaxException {
        return tests(Paths.get(GoldenTest.class.getResource("/golden").toURI()));
    }

    @TestFactory
    Stream<DynamicTest> folder() {
        String folder = System.getProperty(PROPERTY);
        return folder == null ? Stream.empty() : tests(find(folder));
    }

    private static Stream<DynamicTest> tests(Path path) {
        GoldenFolder folder = new GoldenFolder(path);
        FOLDERS.add(folder);
        return folder.tests();
    }

    private static Path find(String folder) {
        Path here = Paths.get(folder).toAbsolutePath();
        Path above = Paths.get("..").toAbsolutePath().normalize().resolve(folder);
        assertThat(Files.isDirectory(here) || Files.isDirectory(above))
                .as("%s must name a folder of golden vectors, but neither %s nor %s is one", PROPERTY, here, above)
                .isTrue();
        return Files.isDirectory(here) ? here : above;
    }

    @AfterAll
    static void printSummary() {
        FOLDERS.forEach(folder -> System.out.println(folder.summary()));
    }
}
