// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
    private final Table table = new Table("Name", ">Count").row("a", "1").row("long <name>", "100");

    @Test
    void text() {
        assertThat(table.toText()).isEqualTo(""
                + "Name         Count\n"
                + "-----------  -----\n"
                + "a                1\n"
                + "long <name>    100\n");
    }

    @Test
    void markdown() {
        assertThat(table.toMarkdown()).isEqualTo(""
                + "| Name        | Count |\n"
                + "| ----------- | ----: |\n"
                + "| a           |     1 |\n"
                + "| long <name> |   100 |\n");
    }

    @Test
    void htmlIsEscaped() {
        assertThat(table.toHtml()).isEqualTo(""
                + "<table>\n<thead><tr><th>Name</th><th class=\"right\">Count</th></tr>\n</thead>\n<tbody>\n"
                + "<tr><td>a</td><td class=\"right\">1</td></tr>\n"
                + "<tr><td>long &lt;name&gt;</td><td class=\"right\">100</td></tr>\n"
                + "</tbody>\n</table>\n");
        assertThat(Table.escapeHtml("<a href=\"x\">&</a>")).isEqualTo("&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;");
    }

    @Test
    void refusesRowsOfAnotherLength() {
        assertThatThrownBy(() -> table.row("a")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[a]").hasMessageContaining("2");
    }
}
