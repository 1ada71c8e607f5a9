// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.integrationtests.docs.SourceComments.Member;
import io.github.dl4jpooling.integrationtests.docs.SourceComments.Type;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.zoo.catalogue.LayerClasses;
import io.github.dl4jpooling.zoo.catalogue.OperatorTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * The document on the operators, docs/operators.md: made from the list of operators, the Javadoc of their classes, the
 * pictures and the measured times.
 */
public final class OperatorDocuments {

    /** Where the document lies in a checkout. */
    public static final String FILE = "docs/operators.md";

    private static final String SOURCES = "samediff-ops/src/main/java/io/github/dl4jpooling/ops";
    private static final String COMMON = "What the sections refer to";

    /** Parameters that mean the same everywhere. */
    private static final Set<String> UNDERSTOOD = Set.of("window", "grid");

    private final Path checkout;
    private final SourceComments comments;
    private final Map<OperatorFamily, List<PoolingOperator>> families;
    private final Map<String, String> anchors = new LinkedHashMap<>();

    /** Classes that are referred to and have no section yet. */
    private final List<String> wanted = new ArrayList<>();

    private OperatorDocuments(Path checkout) throws IOException {
        this.checkout = checkout;
        comments = new SourceComments(checkout.resolve(SOURCES));
        families = OperatorFamily.of(PoolingOperator.values());
        for (PoolingOperator operator : PoolingOperator.values()) {
            anchors.put(operator.className(), anchor(operator.title()));
        }
        want(PoolingWindow.class.getSimpleName());
    }

    /**
     * Makes the document.
     *
     * @param checkout root of a checkout of this project
     * @return its text
     * @throws IOException if a source cannot be read
     */
    public static String text(Path checkout) throws IOException {
        return new OperatorDocuments(checkout).text();
    }

    private String text() throws IOException {
        StringBuilder text = new StringBuilder(resource("head.md")).append('\n');
        contents(text);
        text.append("\n## Table\n\n").append(OperatorTable.create(this::link).toMarkdown());
        families.forEach((family, operators) -> {
            text.append("\n## ").append(family.title()).append('\n');
            operators.forEach(operator -> section(operator, text));
        });
        common(text);
        text.append(OperatorCosts.exist(checkout) ? OperatorCosts.read(checkout).toMarkdown(this::link) : "");
        return text.toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = OperatorDocuments.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void contents(StringBuilder text) {
        text.append("## Contents\n\n* [Table](#table)\n");
        families.forEach((family, operators) -> text.append(MarkdownWriter.wrapped(
                "* [" + family.title() + "](#" + anchor(family.title()) + "): "
                        + operators.stream().map(this::link).collect(Collectors.joining(", ")),
                "  ")));
        text.append("* [").append(COMMON).append("](#").append(anchor(COMMON)).append(")\n");
        if (OperatorCosts.exist(checkout)) {
            text.append("* [").append(OperatorCosts.TITLE).append("](#").append(anchor(OperatorCosts.TITLE))
                    .append(")\n");
        }
    }

    private String link(PoolingOperator operator) {
        return "[" + operator.title() + "](#" + anchors.get(operator.className()) + ")";
    }

    /** The anchor that GitHub gives a heading. */
    static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    private void section(PoolingOperator operator, StringBuilder text) {
        Type type = comments.type(operator.className());
        BinaryOperator<String> links = (reference, label) -> reference(operator.className(), reference, label);
        text.append("\n### ").append(operator.title()).append("\n\n").append(MarkdownWriter.blocks(type.body(), links));
        String picture = OperatorPictures.path(operator);
        if (Files.exists(checkout.resolve(picture))) {
            text.append("\n![").append(operator.title()).append(", input and result](")
                    .append(Path.of(FILE).getParent().relativize(Path.of(picture)).toString().replace('\\', '/'))
                    .append(")\n");
        }
        text.append('\n').append(MarkdownWriter.wrapped(facts(operator), ""));
        settings(type, links, text);
    }

    private static String facts(PoolingOperator operator) {
        PoolingOp op = OperatorTable.example(operator, false);
        List<String> inputs = op.inputNames();
        List<String> gradients = inputs.subList(0, op.differentiableInputs());
        List<String> layers =
                LayerClasses.of(operator).stream().map(Class::getSimpleName).collect(Collectors.toList());
        List<String> backward = operator.hasGradient() ? List.of(operator.opName() + "_bp") : List.of();
        return "Op " + code(List.of(operator.opName())) + ", gradient " + code(backward) + ". Inputs: "
                + code(inputs) + "; gradients: " + code(gradients) + ". Outputs: " + code(op.outputNames()) + "."
                + (layers.isEmpty() ? "" : " Layer or vertex: " + code(layers) + ".");
    }

    private static String code(List<String> names) {
        return names.isEmpty() ? "none" : names.stream().map(n -> "`" + n + "`").collect(Collectors.joining(", "));
    }

    /** Constructors, static methods, builders and enums of the class. */
    private void settings(Type type, BinaryOperator<String> links, StringBuilder text) {
        List<String> items = new ArrayList<>();
        for (Member member : type.members()) {
            if (member.isPublic() && member.isConstructor() && member.hasParameters()) {
                items.add(item("new " + type.name() + member.parameterList(), member, links));
            } else if (member.isPublic() && Arrays.asList(type.name(), "Builder").contains(member.resultType())) {
                items.add(item((member.isStatic() ? type.name() : "") + "." + member.name() + member.parameterList(),
                        member, links));
            }
        }
        for (Type nested : type.nested()) {
            for (Member member : nested.isPublic() ? nested.members() : List.<Member>of()) {
                if (nested.name().equals("Builder") && member.isPublic() && member.resultType().equals("Builder")) {
                    items.add(item("." + member.name() + member.parameterList(), member, links));
                } else if (nested.isEnum() && member.resultType().equals(nested.name())) {
                    items.add(item(nested.name() + "." + member.name(), member, links));
                }
            }
        }
        text.append(items.isEmpty() ? "" : "\n");
        items.forEach(item -> text.append(MarkdownWriter.wrapped(item, "  ")));
    }

    private static String item(String call, Member member, BinaryOperator<String> links) {
        StringBuilder item = new StringBuilder("* `" + call + "`");
        String separator = ": ";
        if (!member.body().isEmpty()) {
            item.append(separator).append(MarkdownWriter.line(member.body(), links));
            separator = " ";
        }
        for (Map.Entry<String, List<? extends com.sun.source.doctree.DocTree>> parameter : member.parameters()
                .entrySet()) {
            if (!UNDERSTOOD.contains(parameter.getKey())) {
                item.append(separator).append('`').append(parameter.getKey()).append("`: ")
                        .append(MarkdownWriter.line(parameter.getValue(), links)).append('.');
                separator = " ";
            }
        }
        return item.toString();
    }

    /** Markdown for a reference in a comment of a class. */
    private String reference(String from, String reference, String label) {
        String type = reference.replaceFirst("#.*", "");
        String name = label.isBlank() ? reference.replaceFirst("^#", "").replace('#', '.') : label;
        String code = label.isBlank() ? "`" + name + "`" : name;
        String target = type.isEmpty() ? from : type.replaceFirst("\\..*", "");
        if (target.equals(from)) {
            return code;
        }
        if (!anchors.containsKey(target)) {
            if (comments.type(target) == null) {
                return code;
            }
            want(target);
        }
        return "[" + code + "](#" + anchors.get(target) + ")";
    }

    private void want(String type) {
        anchors.put(type, anchor(type));
        wanted.add(type);
    }

    /** Sections of the classes that others refer to, and those that these refer to. */
    private void common(StringBuilder text) {
        text.append("\n## ").append(COMMON).append('\n');
        while (!wanted.isEmpty()) {
            String name = wanted.remove(0);
            Type type = comments.type(name);
            BinaryOperator<String> links = (reference, label) -> reference(name, reference, label);
            text.append("\n### ").append(name).append("\n\n").append(MarkdownWriter.blocks(type.body(), links));
            List<Member> constants = type.members().stream()
                    .filter(member -> type.isEnum() && member.resultType().equals(name) && !member.body().isEmpty())
                    .collect(Collectors.toList());
            text.append(constants.isEmpty() ? "" : "\n");
            constants.forEach(member -> text.append(MarkdownWriter.wrapped(item(member.name(), member, links), "  ")));
            if (!type.isEnum()) {
                settings(type, links, text);
            }
        }
    }
}
