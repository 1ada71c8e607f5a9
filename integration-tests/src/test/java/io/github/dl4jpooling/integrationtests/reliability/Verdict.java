// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.deeplearning4j.exception.DL4JException;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.nd4j.linalg.exception.ND4JIllegalStateException;
import org.nd4j.linalg.workspace.ND4JWorkspaceException;

/** Whether an exception is one that a user can make sense of. */
enum Verdict {
    /** Documented: says what is wrong. */
    REFUSED,
    /** From DL4J or ND4J, before anything of this project was called. */
    HOST,
    /** Neither: a fault. */
    FAULT;

    private static final List<Class<?>> DOCUMENTED = List.of(IllegalArgumentException.class,
            IllegalStateException.class, UnsupportedOperationException.class, DL4JException.class,
            InvalidInputTypeException.class);

    private static final String PROJECT = "io.github.dl4jpooling.";
    private static final String TESTS = PROJECT + "integrationtests.";
    private static final String EXECUTIONER = PROJECT + "nd4j."; // stands in for ND4J's

    /** Judges what a call was ended by. */
    static Verdict of(Throwable thrown) {
        if (thrown instanceof Error) { // wrong answers are, too
            return FAULT;
        }
        if (isOfWorkspace(thrown)) {
            return REFUSED;
        }
        if (!isOurs(thrown)) {
            return HOST;
        }
        boolean documented = DOCUMENTED.stream().anyMatch(type -> type.isInstance(thrown)) && isClear(thrown);
        return documented || isOfMissingArgument(thrown) ? REFUSED : FAULT;
    }

    /** Messages of the JVM, such as that of an enum's valueOf or of a bad cast, are no messages for users. */
    private static boolean isClear(Throwable thrown) {
        String message = thrown.getMessage();
        return message != null && message.length() >= 10
                && !message.toLowerCase(Locale.ROOT).contains("exception");
    }

    /** ND4J's own check of arrays whose workspace was left, which says so. */
    private static boolean isOfWorkspace(Throwable thrown) {
        return thrown instanceof ND4JWorkspaceException
                || thrown instanceof ND4JIllegalStateException
                        && thrown.getMessage().contains("leaked workspace pointer");
    }

    /** Objects.requireNonNull, called by this project with the name of what is missing. */
    private static boolean isOfMissingArgument(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return thrown instanceof NullPointerException && thrown.getMessage() != null && trace.length > 1
                && (trace[0].getClassName().equals(Objects.class.getName()) || thrown.getMessage().contains("must not"))
                && !thrown.getMessage().startsWith("Cannot ");
    }

    /** Whether this project was called before DL4J threw. */
    private static boolean isOurs(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(name -> name.startsWith(PROJECT) && !name.startsWith(TESTS) && !name.startsWith(EXECUTIONER)
                        || name.startsWith("org.deeplearning4j."))
                .findFirst()
                .map(name -> name.startsWith(PROJECT))
                .orElse(false);
    }
}
