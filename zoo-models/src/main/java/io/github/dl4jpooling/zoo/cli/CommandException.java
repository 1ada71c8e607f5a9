// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

/** A command cannot go on. The message is one sentence for the user, printed without a stack trace. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what went wrong, where, and what helps */
    public CommandException(String message) {
        super(message);
    }

    /**
     * @param message what went wrong, where, and what helps
     * @param cause shown with {@code --stacktrace} only
     */
    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
