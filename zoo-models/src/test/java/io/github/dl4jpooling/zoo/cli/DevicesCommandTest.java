// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DevicesCommandTest {
    @Test
    void theCpuIsInUseUnlessSomethingElseIsAskedFor() {
        CommandRun run = CommandRun.of("devices");
        assertThat(run.exitCode).isZero();
        assertThat(run.out.lines().skip(2).findFirst().get().split(" {2,}"))
                .startsWith("cpu")
                .endsWith("yes", "chosen by default: auto");
    }

    @Test
    void saysWhatIsMissing() {
        CommandRun run = CommandRun.of("devices");
        assertThat(run.out.lines().filter(line -> line.startsWith("cuda"))).isNotEmpty().allMatch(
                line -> line.contains("org.bytedeco:cuda is not on the class path"));
    }
}
