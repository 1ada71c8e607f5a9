// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A process that works for long needs no more memory than one that works for a while. It is a JVM whose heap has its
 * full size from the start, so that it grows by native memory only, and by what the JVM compiles.
 */
@EnabledOnOs(OS.LINUX)
class MemoryTest {

    private static final int SAMPLES = 110;
    private static final int WARM_UP = 10; // samples
    private static final int COMPARED = 10; // samples at both ends of the rest
    private static final double MOST_GROWTH = 0.02;
    private static final int ITERATIONS_PER_SAMPLE = Integer.getInteger("dl4jpooling.memory.iterations", 100);
    private static final long SECONDS = 6 * 3600;

    @Test
    @Tag("long")
    void isFlat() throws IOException {
        Path file = Files.createDirectories(Path.of("target", "reliability")).resolve("memory.csv");
        Files.deleteIfExists(file);
        ForkedJvm.of(LongRun.class).timeLimit(SECONDS)
                // Else the C library keeps what was freed, of another size each time.
                .environment("MALLOC_ARENA_MAX", "1").environment("MALLOC_MMAP_THRESHOLD_", "65536")
                .environment("MALLOC_TRIM_THRESHOLD_", "65536")
                .options(List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"))
                .run(file.toString(), Integer.toString(SAMPLES), Integer.toString(ITERATIONS_PER_SAMPLE));
        List<MemorySample> samples = MemorySample.read(file);
        assertThat(samples).hasSize(SAMPLES);
        List<MemorySample> first = samples.subList(WARM_UP, WARM_UP + COMPARED);
        List<MemorySample> last = samples.subList(SAMPLES - COMPARED, SAMPLES);
        long compiled = median(last, MemorySample::classesAndCode) - median(first, MemorySample::classesAndCode);
        assertThat(median(last, MemorySample::resident))
                .as("resident memory, of which %s bytes are new classes and compiled code, %s", compiled, file)
                .isLessThan((long) ((1 + MOST_GROWTH) * median(first, MemorySample::resident)));
        assertThat(median(last, MemorySample::workspaces)).as("memory of workspaces, %s", file)
                .isEqualTo(median(first, MemorySample::workspaces));
        assertThat(median(last, MemorySample::threads)).as("threads, %s", file)
                .isEqualTo(median(first, MemorySample::threads));
    }

    private static long median(List<MemorySample> samples, ToLongFunction<MemorySample> number) {
        return samples.stream().mapToLong(number).sorted().skip(samples.size() / 2).findFirst().orElseThrow();
    }
}
