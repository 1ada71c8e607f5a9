// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Executes the command line in this process and keeps what it prints. */
public final class CommandRun {
    public final int exitCode;
    public final String out;
    public final String err;

    private CommandRun(int exitCode, String out, String err) {
        this.exitCode = exitCode;
        this.out = out;
        this.err = err;
    }

    public static CommandRun of(String... arguments) {
        return of(PoolingCommand.commandLine(), arguments);
    }

    static CommandRun of(CommandLine commandLine, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exitCode = PoolingCommand.execute(commandLine, arguments);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
