// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table of texts that can be printed for a terminal, as Markdown or as HTML. */
public final class Table {
    private final List<String> header;
    private final boolean[] right;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param header titles of the columns; one that starts with {@code >} makes its column right-aligned */
    public Table(String... header) {
        this.header = new ArrayList<>();
        right = new boolean[header.length];
        for (int i = 0; i < header.length; i++) {
            right[i] = header[i].startsWith(">");
            this.header.add(right[i] ? header[i].substring(1) : header[i]);
        }
    }

    /**
     * Appends a row.
     *
     * @param cells one text for each column
     * @return this
     * @throws IllegalArgumentException if there are more or fewer cells than columns
     */
    public Table row(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(
                    "cells are " + Arrays.toString(cells) + ", expected " + header.size() + " as in " + header);
        }
        rows.add(List.of(cells));
        return this;
    }

    /** @return the table in columns of equal width, each line ended by a line feed */
    public String toText() {
        StringBuilder text = new StringBuilder();
        int[] widths = widths();
        appendLine(text, header, widths, "  ", "", "");
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        appendLine(text, rule, widths, "  ", "", "");
        rows.forEach(row -> appendLine(text, row, widths, "  ", "", ""));
        return text.toString();
    }

    /** @return the table in Markdown, each line ended by a line feed */
    public String toMarkdown() {
        StringBuilder text = new StringBuilder();
        int[] widths = widths();
        appendLine(text, header, widths, " | ", "| ", " |");
        List<String> rule = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            rule.add("-".repeat(Math.max(2, widths[i] - 1)) + (right[i] ? ":" : "-"));
        }
        appendLine(text, rule, widths, " | ", "| ", " |");
        rows.forEach(row -> appendLine(text, row, widths, " | ", "| ", " |"));
        return text.toString();
    }

    /** @return the table in HTML, with class {@code right} on right-aligned cells */
    public String toHtml() {
        StringBuilder html = new StringBuilder("<table>\n<thead>");
        appendHtmlRow(html, "th", header);
        html.append("</thead>\n<tbody>\n");
        rows.forEach(row -> appendHtmlRow(html, "td", row));
        return html.append("</tbody>\n</table>\n").toString();
    }

    /**
     * Escapes a text for HTML.
     *
     * @param text any text
     * @return the text with its special characters replaced
     */
    public static String escapeHtml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private void appendHtmlRow(StringBuilder html, String element, List<String> cells) {
        html.append("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            html.append('<').append(element).append(right[i] ? " class=\"right\">" : ">")
                    .append(escapeHtml(cells.get(i))).append("</").append(element).append('>');
        }
        html.append("</tr>\n");
    }

    private void appendLine(StringBuilder text, List<String> cells, int[] widths, String between, String before,
            String after) {
        List<String> padded = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            String blanks = " ".repeat(widths[i] - cells.get(i).length());
            padded.add(right[i] ? blanks + cells.get(i) : cells.get(i) + blanks);
        }
        text.append((before + String.join(between, padded) + after).stripTrailing()).append('\n');
    }

    private int[] widths() {
        int[] widths = new int[header.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(3, header.get(i).length());
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }
}
