// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import java.util.concurrent.Callable;

/**
 * A subcommand of {@link PoolingCommand}: a picocli command that {@link java.util.ServiceLoader} finds. Any module on
 * the class path adds one by naming its class in
 * {@code META-INF/services/io.github.dl4jpooling.zoo.cli.PoolingSubcommand}.
 *
 * <p>The class carries picocli's {@code @Command} with name and description; options for help and stack traces are
 * inherited. {@code call} returns the exit code. Wrong input is reported by picocli's {@code ParameterException}, other
 * trouble that the user can cure by {@link CommandException} or an {@code IOException} whose message is a sentence.
 */
public interface PoolingSubcommand extends Callable<Integer> {}
