// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GpuSourceTest {

    static List<String> stems() throws IOException {
        Path folder = Paths.get("src", "main", "cpp", "cuda");
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".cu"))
                    .map(name -> name.substring(0, name.length() - 3))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    /** The run-time compiler has neither files nor a standard library. */
    @ParameterizedTest
    @MethodSource("stems")
    void includesNothing(String stem) {
        String source = GpuSource.of(stem);
        assertThat(source).contains("POOLING_GPU_KERNEL").doesNotContain("#pragma once");
        assertThat(source.lines().filter(line -> line.trim().startsWith("#include"))).isEmpty();
        assertThat(source.lines().filter(line -> line.matches(".*\\bstd::.*"))).isEmpty();
    }

    @Test
    void everyHeaderIsThereOnce() {
        String source = GpuSource.of("soft_pool");
        for (String path : new String[] {"core/real.h", "core/storage.h", "kernels/soft_pool.h", "cuda/soft_pool.cu"}) {
            assertThat(source.lines().filter(("#line 1 \"" + path + "\"")::equals)).as(path).hasSize(1);
        }
    }

    @Test
    void unknownSource() {
        assertThatThrownBy(() -> GpuSource.of("no_such_pool"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no_such_pool");
    }

    @ParameterizedTest
    @CsvSource({"75,sm_75", "80,sm_80", "86,sm_86", "89,sm_86", "87,sm_86", "90,compute_86", "120,compute_86",
        "61,sm_60", "50,sm_50", "53,sm_53", "62,sm_62", "72,sm_72"})
    void targets(int capability, String target) {
        assertThat(GpuCompiler.target(capability, "11.6", 50, 53, 60, 62, 70, 72, 75, 80, 86)).isEqualTo(target);
    }

    @Test
    void devicesThatNoTargetFits() {
        assertThatThrownBy(() -> GpuCompiler.target(30, "12.0", 50, 60))
                .isInstanceOf(GpuException.class)
                .hasMessageContainingAll("NVRTC 12.0", "3.0", "[50, 60]");
    }
}
