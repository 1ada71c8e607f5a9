// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import com.sun.management.OperatingSystemMXBean;
import io.github.dl4jpooling.zoo.cli.Version;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The machine this process runs on, for reports. */
public final class Machine {
    private static final String UNKNOWN = "processor of unknown name";

    private Machine() {}

    /** Physical memory, or what the container of this process may use. */
    static long memoryBytes() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalPhysicalMemorySize();
    }

    /** @return processor, memory, system and versions, in a sentence */
    public static String describe() {
        return processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
                + Math.round(memoryBytes() / (double) (1L << 30)) + " GiB of memory, " + System.getProperty("os.name")
                + " " + System.getProperty("os.arch") + ", Java " + System.getProperty("java.version") + ", ND4J "
                + Version.nd4j() + ", dl4j-pooling " + Version.library();
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).trim()).orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
