// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.integrationtests.ProcessStatus;
import io.github.dl4jpooling.zoo.cli.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/** The most memory that a call needs beside its arrays, as Linux counts it. */
final class PeakMemory {

    private static final Path RESET = Path.of("/proc/self/clear_refs");
    private static final String RESET_PEAK = "5";
    private static final int CALLS = 7;
    private static final double KILOBYTES_OF_A_MEGABYTE = 1024;

    private PeakMemory() {}

    /**
     * Measures the median of some calls: the virtual machine takes and returns memory meanwhile, too.
     *
     * @param call what has run once before, so that its classes and arrays are there
     * @return megabytes by which the process was larger while it ran, at most
     * @throws CommandException if the system does not count them
     */
    static double megabytesOf(Runnable call) {
        return new Median().evaluate(IntStream.range(0, CALLS).mapToDouble(i -> megabytesOfOne(call)).toArray());
    }

    private static double megabytesOfOne(Runnable call) {
        System.gc();
        try {
            Files.writeString(RESET, RESET_PEAK, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
            double before = ProcessStatus.number("VmRSS:");
            call.run();
            return Math.max(0, ProcessStatus.number("VmHWM:") - before) / KILOBYTES_OF_A_MEGABYTE;
        } catch (IOException e) {
            throw new CommandException(
                    "--suite memory needs Linux, which counts the memory of a process in " + ProcessStatus.FILE
                            + ": " + e.getMessage());
        }
    }
}
