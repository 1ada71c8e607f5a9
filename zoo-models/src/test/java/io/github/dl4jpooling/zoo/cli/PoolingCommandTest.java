// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class PoolingCommandTest {
    @Test
    void findsSubcommandsAsServices() {
        assertThat(List.copyOf(PoolingCommand.commandLine().getSubcommands().keySet())).contains("compare", "ops")
                .isSorted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "compare", "ops"})
    void everyCommandExplainsItself(String command) {
        CommandRun run = command.isEmpty() ? CommandRun.of("--help") : CommandRun.of(command, "--help");
        assertThat(run.exitCode).isZero();
        assertThat(run.err).isEmpty();
        assertThat(run.out).startsWith(("Usage: ./pooling " + command).stripTrailing()).contains("--help",
                "--stacktrace");
    }

    @Test
    void printsVersions() {
        CommandRun run = CommandRun.of("--version");
        assertThat(run.exitCode).isZero();
        assertThat(run.out).contains("dl4j-pooling ", "nd4j 1.0.0-M2.1", "java " + System.getProperty("java.version"));
    }

    @Test
    void setsSystemProperties() {
        String key = "pooling.test.property";
        try {
            assertThat(CommandRun.of("ops", "-D" + key + "=a=b").exitCode).isZero();
            assertThat(System.getProperty(key)).isEqualTo("a=b");
            assertThat(CommandRun.of("ops", "-Dnovalue").exitCode).isEqualTo(2);
        } finally {
            System.clearProperty(key);
        }
    }

    @Test
    void missingCommand() {
        CommandRun run = CommandRun.of();
        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err).startsWith("./pooling: Missing command, expected one of ").contains("compare", "ops");
    }

    @Test
    void wrongCommandAndOption() {
        CommandRun command = CommandRun.of("opps");
        assertThat(command.exitCode).isEqualTo(2);
        assertThat(command.err).contains("'opps'").doesNotContain("Exception");

        CommandRun option = CommandRun.of("ops", "--markdwn");
        assertThat(option.exitCode).isEqualTo(2);
        assertThat(option.err.lines()).containsExactly("./pooling ops: Unknown option: '--markdwn'",
                "Possible solutions: --markdown", "Help: ./pooling ops --help");
        assertThat(option.out).isEmpty();
    }

    @Test
    void failureForTheUserIsOneSentence() {
        CommandRun run = failing(new CommandException("the moon is missing", new RuntimeException("cause")));
        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.err.lines()).containsExactly("./pooling fail: the moon is missing");
    }

    @Test
    void fileExceptionsSayWhatTheyAre() {
        assertThat(failing(new IOException("disk full")).err.lines()).containsExactly("./pooling fail: disk full");
        assertThat(failing(new AccessDeniedException("/x")).err.lines())
                .containsExactly("./pooling fail: AccessDeniedException: /x");
    }

    @Test
    void internalErrorNamesTheWayToItsStackTrace() {
        for (Throwable failure : new Throwable[] {new IllegalStateException("odd"), new UnsatisfiedLinkError("odd")}) {
            CommandRun run = failing(failure);
            assertThat(run.exitCode).isEqualTo(1);
            assertThat(run.err.lines()).hasSize(1);
            assertThat(run.err).contains("internal error", failure.getClass().getName(), "odd", "--stacktrace")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void stackTraceOnRequest() {
        CommandRun run = failing(new IllegalStateException("odd"), "--stacktrace");
        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.err).contains("\tat ", "internal error");
    }

    private static CommandRun failing(Throwable failure, String... options) {
        CommandLine commandLine = PoolingCommand.commandLine();
        commandLine.addSubcommand("fail", new Fail(failure));
        String[] arguments = new String[options.length + 1];
        arguments[0] = "fail";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return CommandRun.of(commandLine, arguments);
    }

    @Command(name = "fail")
    private static final class Fail implements Callable<Integer> {
        private final Throwable failure;

        Fail(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public Integer call() throws Exception {
            if (failure instanceof Error) {
                throw (Error) failure;
            }
            throw (Exception) failure;
        }
    }
}
