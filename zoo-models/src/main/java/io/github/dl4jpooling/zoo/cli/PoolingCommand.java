// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code ./pooling}. Its subcommands are the {@link PoolingSubcommand}s on the class path. */
@Command(name = PoolingCommand.NAME, mixinStandardHelpOptions = true, versionProvider = Version.class,
        scope = ScopeType.INHERIT, sortOptions = false, synopsisSubcommandLabel = "COMMAND",
        optionListHeading = "%nOptions:%n", commandListHeading = "%nCommands:%n")
public final class PoolingCommand implements Runnable {
    static final String NAME = "./pooling";
    private static final int HELP_WIDTH = 100;
    private static final String LOG_CONFIGURATION = "logback.configurationFile";

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean stacktrace;

    @Spec
    private CommandSpec spec;

    @Option(names = "-D", scope = ScopeType.INHERIT, paramLabel = "KEY=VALUE",
            description = "Set a system property of Java, for instance -Dpooling.data=DIR.")
    private void setProperties(Map<String, String> properties) {
        properties.forEach(System::setProperty);
    }

    /**
     * Runs the command and ends the process with its exit code: 0 success, 1 failure, 2 wrong usage.
     *
     * @param arguments subcommand and options
     */
    public static void main(String[] arguments) {
        quietLogs();
        System.exit(execute(commandLine(), arguments));
    }

    /** Lets only warnings of ND4J and DL4J through, unless the user configures logging. Works before the first log. */
    public static void quietLogs() {
        if (System.getProperty(LOG_CONFIGURATION) == null) {
            System.setProperty(LOG_CONFIGURATION, "io/github/dl4jpooling/zoo/cli/logback.xml");
        }
    }

    /** @return the command line with all subcommands, ready to execute */
    public static CommandLine commandLine() {
        PoolingCommand root = new PoolingCommand();
        CommandLine commandLine = new CommandLine(root);
        commandLine.getCommandSpec().usageMessage()
                .description("Pooling operators for Deeplearning4j: compare them on real images, list them, time them.")
                .footer("", "Each command explains itself: " + NAME + " COMMAND --help",
                        "Start with:                   " + NAME + " compare --quick");
        List<CommandLine> subcommands = new ArrayList<>();
        ServiceLoader.load(PoolingSubcommand.class).forEach(command -> subcommands.add(new CommandLine(command)));
        subcommands.sort(Comparator.comparing(CommandLine::getCommandName));
        subcommands.forEach(subcommand -> commandLine.addSubcommand(subcommand.getCommandName(), subcommand));
        commandLine.setUsageHelpWidth(HELP_WIDTH);
        commandLine.setParameterExceptionHandler(ErrorMessages::onWrongUsage);
        commandLine.setExecutionExceptionHandler(
                (exception, failed, parsed) -> ErrorMessages.onFailure(exception, failed, root.stacktrace));
        return commandLine;
    }

    /** Executes like picocli, but also reports errors of the virtual machine and of native libraries in a sentence. */
    static int execute(CommandLine commandLine, String... arguments) {
        try {
            return commandLine.execute(arguments);
        } catch (LinkageError | OutOfMemoryError | AssertionError | StackOverflowError e) {
            PoolingCommand root = commandLine.getCommand();
            return ErrorMessages.onFailure(e, commandLine, root.stacktrace);
        }
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing command, expected one of "
                + String.join(", ", spec.subcommands().keySet()));
    }
}
