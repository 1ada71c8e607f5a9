// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.zoo.PooledZoo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jars hold what is ours, all of it, and nothing else. Runs where the build has made them (mvn verify). */
class JarTest {

    private static final String OURS = "io/github/dl4jpooling/";

    private static ZipFile jar(Class<?> type) throws Exception {
        Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        assumeTrue(Files.isRegularFile(place), type + " was loaded from a folder, not from its jar");
        return new ZipFile(place.toFile());
    }

    @ParameterizedTest
    @ValueSource(classes = {PoolingOp.class, PoolingLayer.class, PooledZoo.class})
    void nothingElse(Class<?> type) throws Exception {
        try (ZipFile jar = jar(type)) {
            List<String> files = jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName)
                    .collect(Collectors.toList());
            assertThat(files).allMatch(name -> name.startsWith(OURS) || name.equals("META-INF/MANIFEST.MF")
                    || name.equals("META-INF/LICENSE") || name.startsWith("META-INF/services/")
                    || name.startsWith("META-INF/maven/io.github.dl4j-pooling/"));
            assertThat(files).contains("META-INF/LICENSE").doesNotHaveDuplicates();
            assertThat(jar.stream().map(ZipEntry::getLastModifiedTime).distinct()).as("time of the build").hasSize(1);
        }
    }

    @Test
    void nativeCodeAndSourcesForGpus() throws Exception {
        try (ZipFile jar = jar(PoolingOp.class)) {
            String library = OURS + "kernel/" + Loader.getPlatform() + "/" + System.mapLibraryName("jnidl4jpooling");
            assertThat(jar.getEntry(library)).isNotNull();
            assertThat(text(jar, library)).as("folders of the machine that built it")
                    .doesNotContain(Path.of("").toAbsolutePath().getParent().toString());
            for (String name : new String[] {"cuda/gpu_kernel.cuh", "core/real.h", "kernels/soft_pool.h",
                "cuda/soft_pool.cu"}) {
                assertThat(jar.getEntry(OURS + "kernel/cpp/" + name)).as(name).isNotNull();
            }
        }
    }

    private static String text(ZipFile jar, String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
