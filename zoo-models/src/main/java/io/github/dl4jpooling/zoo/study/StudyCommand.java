// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.cli.CommandException;
import io.github.dl4jpooling.zoo.cli.PoolingSubcommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What commands that train networks in processes share. */
abstract class StudyCommand implements PoolingSubcommand {
    @Option(names = "--quick", description = "Less of everything, unless it is given.")
    private boolean quick;

    @Option(names = "--workers", paramLabel = "N", description = {
        "Processes that train at the same time; each needs up to 2 GB of memory. Does not change the results.",
        "Default: as many as the machine has cores"})
    private Integer workers;

    @Option(names = "--output", paramLabel = "DIR", description = {
        "Folder for the results; earlier ones in it are replaced.", "Default: results/${COMMAND-NAME}"})
    private Path output;

    @Spec
    private CommandSpec spec;

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final ParameterException parameterError(String message, Exception cause) {
        return new ParameterException(spec.commandLine(), message, cause);
    }

    /** A number that was given, or that of a short or a full study. */
    final int atLeastOne(String option, Integer value, int full, int shortOne) {
        if (value != null && value < 1) {
            throw parameterError(option + " is " + value + ", expected at least 1", null);
        }
        return value == null ? quick ? shortOne : full : value;
    }

    /** How many processes run so many jobs. */
    final int processes(int jobs) {
        int cores = Runtime.getRuntime().availableProcessors();
        return Math.min(jobs, atLeastOne("--workers", workers, cores, cores));
    }

    final Path folder() {
        Path folder = output == null ? Path.of("results", spec.name()) : output;
        try {
            return Files.createDirectories(folder.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new CommandException("--output " + folder + " is not a folder and cannot be made one: " + e, e);
        }
    }

    static long secondsSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - nanoTime);
    }
}
