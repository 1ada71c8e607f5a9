// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.util.SimpleDocTreeVisitor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns the text of Javadoc comments into Markdown: paragraphs, code, formulas, lists and links. */
final class MarkdownWriter extends SimpleDocTreeVisitor<Void, Void> {

    private static final int WIDTH = 120;
    private static final Pattern UNBROKEN = Pattern.compile("`[^`]*`|\\[[^]]*]\\([^)]*\\)");
    private static final String FENCE = "```\n";
    private static final Map<String, String> ENTITIES =
            Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"", "nbsp", " ", "minus", "-", "times", "x", "le", "<=");
    private static final Map<String, String> INLINE =
            Map.of("i", "*", "em", "*", "b", "**", "strong", "**", "code", "`");

    /** Markdown for a reference and its label, which is empty where there is none. */
    private final BinaryOperator<String> links;

    private final StringBuilder blocks = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private boolean verbatim;
    private boolean item;

    private MarkdownWriter(BinaryOperator<String> links) {
        this.links = links;
    }

    /**
     * Paragraphs of a comment.
     *
     * @param comment the comment
     * @param links Markdown for a reference and its label, which is empty where there is none
     * @return lines, each ended by a line feed
     */
    static String blocks(List<? extends DocTree> comment, BinaryOperator<String> links) {
        MarkdownWriter writer = new MarkdownWriter(links);
        writer.visit(comment, null);
        writer.endBlock();
        return writer.blocks.toString().strip() + "\n";
    }

    /**
     * A comment that is one paragraph.
     *
     * @param comment the comment
     * @param links as above
     * @return the text on one line
     */
    static String line(List<? extends DocTree> comment, BinaryOperator<String> links) {
        return blocks(comment, links).strip().replace("\n\n", " ").replace('\n', ' ');
    }

    private void endBlock() {
        String block = verbatim ? text.toString() : text.toString().replaceAll("\\s+", " ").strip();
        text.setLength(0);
        if (block.isBlank()) {
            return;
        }
        if (verbatim) {
            blocks.append(FENCE).append(withoutIndent(block)).append(FENCE).append('\n');
        } else if (item) {
            blocks.append(wrapped("* " + block, "  "));
        } else {
            blocks.append(wrapped(block, "")).append('\n');
        }
    }

    private static String withoutIndent(String block) {
        List<String> lines = block.lines().dropWhile(String::isBlank).collect(Collectors.toList());
        int indent = lines.stream().filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length()).min().orElse(0);
        StringBuilder result = new StringBuilder();
        lines.forEach(line -> result.append(line.isBlank() ? "" : line.substring(indent).stripTrailing()).append('\n'));
        return result.toString().stripTrailing() + "\n";
    }

    /**
     * Breaks a paragraph into lines, outside code only and never so that a line would begin like a list or a heading.
     *
     * @param paragraph a paragraph on one line
     * @param indent of all lines but the first
     * @return lines, each ended by a line feed
     */
    static String wrapped(String paragraph, String indent) {
        StringBuilder result = new StringBuilder();
        StringBuilder line = new StringBuilder();
        int begin = 0;
        while (begin < paragraph.length()) {
            int end = endOfWord(paragraph, begin);
            String word = paragraph.substring(begin, end);
            if (begin > 0 && line.length() + 1 + word.length() > WIDTH && !word.matches("([-+*#>=|].*|[0-9]+[.)])")) {
                result.append(line).append('\n');
                line.setLength(0);
                line.append(indent).append(word);
            } else {
                line.append(line.length() == 0 || begin == 0 ? "" : " ").append(word);
            }
            begin = end + 1;
        }
        return result.append(line).append('\n').toString();
    }

    /** Position of the blank that ends a word; blanks inside code and links end none. */
    private static int endOfWord(String paragraph, int begin) {
        Matcher unbroken = UNBROKEN.matcher(paragraph);
        int end = begin;
        while (end < paragraph.length() && paragraph.charAt(end) != ' ') {
            end = unbroken.region(end, paragraph.length()).lookingAt() ? unbroken.end() : end + 1;
        }
        return end;
    }

    /** Text with what Markdown would take for markup marked as text. */
    static String escaped(String plain) {
        return plain.replace("\\", "\\\\").replace("*", "\\*").replace("`", "\\`")
                .replaceAll("<(?=[A-Za-z/!])", "&lt;")
                .replaceAll("(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", "\\\\_");
    }

    @Override
    public Void visitText(TextTree node, Void nothing) {
        text.append(verbatim ? node.getBody() : escaped(node.getBody()));
        return null;
    }

    @Override
    public Void visitEntity(EntityTree node, Void nothing) {
        String character = ENTITIES.get(node.getName().toString());
        if (character == null) {
            return defaultAction(node, nothing);
        }
        text.append(verbatim ? character : escaped(character));
        return null;
    }

    @Override
    public Void visitLiteral(LiteralTree node, Void nothing) {
        String body = node.getBody().getBody();
        if (verbatim) {
            text.append(body);
        } else if (node.getKind() == DocTree.Kind.CODE) {
            text.append('`').append(body.replaceAll("\\s+", " ")).append('`');
        } else {
            text.append(escaped(body));
        }
        return null;
    }

    @Override
    public Void visitLink(LinkTree node, Void nothing) {
        String label = node.getLabel().stream().map(DocTree::toString).collect(Collectors.joining());
        text.append(links.apply(node.getReference().getSignature(), label));
        return null;
    }

    @Override
    public Void visitStartElement(StartElementTree node, Void nothing) {
        return element(node, node.getName().toString(), true);
    }

    @Override
    public Void visitEndElement(EndElementTree node, Void nothing) {
        return element(node, node.getName().toString(), false);
    }

    private Void element(DocTree node, String name, boolean start) {
        String element = name.toLowerCase(Locale.ROOT);
        if (INLINE.containsKey(element)) {
            text.append(INLINE.get(element));
        } else if (element.equals("pre")) {
            endBlock();
            verbatim = start;
        } else if (element.equals("li")) {
            endBlock();
            item = start;
        } else if (Arrays.asList("p", "ul").contains(element)) {
            endBlock();
            item = false;
            blocks.append(element.equals("ul") && !start ? "\n" : "");
        } else {
            return defaultAction(node, null);
        }
        return null;
    }

    @Override
    protected Void defaultAction(DocTree node, Void nothing) {
        throw new IllegalArgumentException(
                "Javadoc that cannot be turned into Markdown (" + node.getKind() + "): " + node);
    }
}
