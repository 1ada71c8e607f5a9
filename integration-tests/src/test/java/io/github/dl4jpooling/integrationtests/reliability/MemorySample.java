// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.integrationtests.ProcessStatus;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.nd4j.linalg.factory.Nd4j;

/** How much memory this process has at some time, by what it is for. Linux only. */
final class MemorySample {

    private static final long KILOBYTE = 1024;
    private static final int COLLECTIONS = 3; // what is collected may free native memory, which others may wait for
    private static final long PAUSE = 200; // milliseconds: ND4J frees native memory in threads of its own

    private final long[] numbers;

    private MemorySample(long... numbers) {
        this.numbers = numbers;
    }

    /** Takes one, after the garbage is gone. */
    static MemorySample take(int iteration) throws IOException, InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(PAUSE);
        }
        long workspaces = Nd4j.getWorkspaceManager().getAllWorkspacesForCurrentThread().stream()
                .mapToLong(workspace -> workspace.getCurrentSize()).sum();
        return new MemorySample(iteration, KILOBYTE * ProcessStatus.number("RssAnon:"), ofJvm(), workspaces,
                ProcessStatus.number("Threads:"));
    }

    /** What the JVM keeps besides the heap: classes and compiled code. */
    private static long ofJvm() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.NON_HEAP)
                .map(MemoryPoolMXBean::getUsage).mapToLong(usage -> usage.getUsed()).sum();
    }

    /** Reads those of a file. */
    static List<MemorySample> read(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> new MemorySample(Arrays.stream(line.split(",")).mapToLong(Long::parseLong).toArray()))
                .collect(Collectors.toList());
    }

    /** Adds a line to a file. */
    void appendTo(Path file) throws IOException {
        String line = LongStream.of(numbers).mapToObj(Long::toString).collect(Collectors.joining(",", "", "\n"));
        Files.writeString(file, line, StandardCharsets.US_ASCII, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Bytes of the process that stand in no file. */
    long resident() {
        return numbers[1];
    }

    /** Bytes of them that hold the JVM's classes and compiled code. */
    long classesAndCode() {
        return numbers[2];
    }

    /** Bytes of workspaces of the thread that took it. */
    long workspaces() {
        return numbers[3];
    }

    /** Threads of the process. */
    long threads() {
        return numbers[4];
    }

    @Override
    public String toString() {
        return Arrays.toString(numbers);
    }
}
