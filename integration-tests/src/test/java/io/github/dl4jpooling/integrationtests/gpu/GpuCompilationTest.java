// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jpooling.integrationtests.docs.Checkout;
import io.github.dl4jpooling.integrationtests.docs.GpuCompilation;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every kernel for GPUs compiles for every generation of devices, and float kernels need no local memory. */
class GpuCompilationTest {

    @Test
    void everyTypeForEveryGeneration() throws IOException {
        assumeTrue(GpuCompilation.isPossible(), "nvcc is not installed: the kernels for GPUs were not compiled");
        List<String> stems = GpuCompilation.stems(Checkout.find());
        List<GpuCompilation.Pass> passes = GpuCompilation.compile(stems, GpuCompilation.TARGETS);
        for (String stem : stems) {
            for (int target : GpuCompilation.TARGETS) {
                for (String type : stem.matches("quantized_.*")
                        ? List.of("_s8", "_u8") : List.of("_f32", "_f64", "_f16", "_bf16")) {
                    assertThat(passes)
                            .as("%s%s for sm_%d", stem, type, target)
                            .anyMatch(pass -> pass.stem().equals(stem) && pass.target() == target
                                    && pass.name().endsWith(type));
                }
            }
        }
        assertThat(passes.stream()
                .filter(pass -> pass.name().matches(".*_(f32|s8|u8)"))
                .filter(pass -> pass.stack() > 0 || pass.spilled() > 0)
                .collect(Collectors.toList())).as("kernels of float and 8-bit numbers with local memory").isEmpty();
    }

    /** The oldest generation is what the code of the others is made from. */
    @Test
    void generationsInAnyOrder() {
        assumeTrue(GpuCompilation.isPossible(), "nvcc is not installed: the kernels for GPUs were not compiled");
        assertThat(GpuCompilation.compile(List.of("sum_pool"), List.of(90, 80)))
                .extracting(GpuCompilation.Pass::target)
                .contains(80, 90);
    }
}
