// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** NVIDIA's own run-time compiler takes every source; it needs no device. Runs with the Maven profile nvrtc. */
class NvrtcTest {
    private static final int TYPES = 4;
    private static final int DRIVER = 12_000;
    private static final int ELF = 0x7f454c46;
    private static final int ELF_MACHINE = 18;
    private static final int CUDA = 190;

    private static GpuCompiler compiler;

    @BeforeAll
    static void loadCompiler() {
        assumeTrue(
                NvrtcTest.class.getResource("/org/bytedeco/cuda/" + Loader.getPlatform() + "/libnvrtc.so.11.2") != null,
                "NVIDIA's run-time compiler is not on the class path: the profile nvrtc brings it");
        System.setProperty(GpuCompiler.CACHE_PROPERTY, "none");
        compiler = new GpuCompiler();
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jpooling.kernel.GpuSourceTest#stems")
    void machineCode(String stem) {
        for (int type = 0; type < TYPES; type++) {
            for (boolean wide : new boolean[] {false, true}) {
                ByteBuffer image = ByteBuffer.wrap(compiler.compile(stem, type, wide, compiler.target(80), DRIVER));
                assertThat(image.getInt(0)).as("first bytes of %s, type %d", stem, type).isEqualTo(ELF);
                assertThat(image.order(ByteOrder.LITTLE_ENDIAN).getShort(ELF_MACHINE)).isEqualTo((short) CUDA);
            }
        }
    }

    @Test
    void codeForDevicesThatAreNewerThanTheCompiler() {
        byte[] image = compiler.compile("soft_pool", 0, false, compiler.target(120), DRIVER);
        assertThat(new String(image, StandardCharsets.UTF_8)).contains(".target sm_86", "soft_pool_forward");
    }
}
