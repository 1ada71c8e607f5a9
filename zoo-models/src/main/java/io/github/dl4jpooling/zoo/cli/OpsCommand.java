// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import io.github.dl4jpooling.zoo.catalogue.OperatorTable;
import io.github.dl4jpooling.zoo.text.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the operator table. */
@Command(name = "ops", description = "List the pooling operators: where and on which arrays each works, and its names.",
        footer = {"", "Examples:", "  ./pooling ops", "  ./pooling ops --markdown > operators.md"})
public final class OpsCommand implements PoolingSubcommand {
    @Option(names = "--markdown", description = "Print the table in Markdown, for documents.")
    private boolean markdown;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Table table = OperatorTable.create();
        spec.commandLine().getOut().print(markdown ? table.toMarkdown() : table.toText());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
