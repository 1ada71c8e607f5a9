// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The build of the kernels, as native-build.xml describes it. */
class NativeBuildTest {

    private static final Pattern ARGUMENT = Pattern.compile("(?:'[^']*'|\"[^\"]*\"|\\S)+");
    private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");

    /** Ant splits such lines at blanks, and a user's folder may have one in its name. */
    @Test
    void foldersInLinesOfArgumentsAreQuoted() throws Exception {
        Document build = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new File(System.getProperty("basedir", "."), "native-build.xml"));
        Map<String, String> properties = new HashMap<>();
        elements(build, "property")
                .filter(property -> property.hasAttribute("value"))
                .forEach(p -> properties.put(p.getAttribute("name"), p.getAttribute("value")));
        String[] lines = elements(build, "arg")
                .map(argument -> argument.getAttribute("line"))
                .filter(line -> !line.isEmpty())
                .map(line -> expanded(line, properties))
                .toArray(String[]::new);
        assertThat(lines).hasSizeGreaterThan(3).anyMatch(line -> line.contains("${cpp.directory}"));
        assertThat(Stream.of(lines)
                .flatMap(line -> ARGUMENT.matcher(line).results())
                .map(argument -> QUOTED.matcher(argument.group()).replaceAll("")))
                        .noneMatch(argument -> argument.contains("directory}") || argument.contains("basedir}"));
    }

    private static String expanded(String line, Map<String, String> properties) {
        String result = line;
        for (Map.Entry<String, String> property : properties.entrySet()) {
            result = result.replace("${" + property.getKey() + "}", property.getValue());
        }
        return result;
    }

    private static Stream<Element> elements(Document document, String name) {
        NodeList nodes = document.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i));
    }
}
