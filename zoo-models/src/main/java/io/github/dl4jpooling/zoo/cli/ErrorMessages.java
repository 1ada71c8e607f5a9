// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the command prints when it does not succeed: a sentence, never a stack trace that nobody asked for. */
final class ErrorMessages {
    private ErrorMessages() {}

    /** Wrong option, value or command. */
    static int onWrongUsage(ParameterException exception, String[] arguments) {
        CommandLine failed = exception.getCommandLine();
        PrintWriter err = failed.getErr();
        err.println(prefix(failed) + exception.getMessage());
        UnmatchedArgumentException.printSuggestions(exception, err);
        err.println("Help: " + failed.getCommandSpec().qualifiedName() + " --help");
        return failed.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** A command that began its work but cannot finish it. */
    static int onFailure(Throwable failure, CommandLine failed, boolean stacktrace) {
        PrintWriter err = failed.getErr();
        if (stacktrace) {
            failure.printStackTrace(err);
        }
        if (failure instanceof CommandException || failure instanceof IOException) {
            err.println(prefix(failed) + sentence(failure));
        } else {
            err.println(prefix(failed) + "internal error: " + failure
                    + (stacktrace ? "" : "; the option --stacktrace shows where"));
        }
        return failed.getCommandSpec().exitCodeOnExecutionException();
    }

    /** The file exceptions of Java say what is wrong in the name of their class. */
    private static String sentence(Throwable failure) {
        boolean wordless = failure instanceof FileSystemException
                && ((FileSystemException) failure).getReason() == null;
        if (wordless || failure instanceof FileNotFoundException || failure.getMessage() == null) {
            return failure.getClass().getSimpleName() + ": " + failure.getMessage();
        }
        return failure.getMessage();
    }

    private static String prefix(CommandLine failed) {
        return failed.getCommandSpec().qualifiedName() + ": ";
    }
}
