// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CompiledKernelCacheTest {

    private static final byte[] IMAGE = image(10_000);

    @TempDir
    private Path folder;

    private static byte[] image(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private CompiledKernelCache cache() {
        return new CompiledKernelCache(folder.resolve("a").resolve("b").toString());
    }

    private Path file(String key) {
        return folder.resolve("a").resolve("b").resolve(key + ".kernel");
    }

    @Test
    void keepsWhatIsStored() {
        assertThat(cache().find("k")).isEmpty();
        cache().store("k", IMAGE);
        assertThat(cache().find("k")).hasValueSatisfying(found -> assertThat(found).isEqualTo(IMAGE));
        assertThat(cache().find("other")).isEmpty();
        assertThat(file("k").getParent().toFile().list()).as("no files left over").containsExactly("k.kernel");
    }

    @Test
    void keysDifferWithEveryPart() {
        List<String> keys = Arrays.asList(
                CompiledKernelCache.key("a", "b"),
                CompiledKernelCache.key("ab", ""),
                CompiledKernelCache.key("", "ab"),
                CompiledKernelCache.key("a", "c"),
                CompiledKernelCache.key("a:b"));
        assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.matches("[0-9a-f]{64}"));
        assertThat(CompiledKernelCache.key("a", "b")).isEqualTo(keys.get(0));
    }

    @Test
    void filesThatAreTornOrChangedAreNotUsed() throws IOException {
        for (int length : new int[] {0, 1, 31, 32, 33, 5000, IMAGE.length + 31}) {
            cache().store("k", IMAGE);
            Files.write(file("k"), Arrays.copyOf(Files.readAllBytes(file("k")), length));
            assertThat(cache().find("k")).as("%d bytes", length).isEmpty();
            assertThat(file("k")).doesNotExist();
        }
        cache().store("k", IMAGE);
        byte[] bytes = Files.readAllBytes(file("k"));
        bytes[100] ^= 1;
        Files.write(file("k"), bytes);
        assertThat(cache().find("k")).isEmpty();
    }

    @Test
    void writersAndReadersAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> tasks = IntStream.range(0, 200).mapToObj(i -> (Callable<Boolean>) () -> {
                CompiledKernelCache cache = cache();
                cache.store("k" + i % 3, image(5_000 + i % 3));
                byte[] found = cache.find("k" + i % 3).orElseThrow(AssertionError::new);
                return Arrays.equals(found, image(5_000 + i % 3));
            }).collect(Collectors.toList());
            for (Future<Boolean> done : threads.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aFolderThatCannotBeWrittenCostsTimeOnly() throws IOException {
        Path notAFolder = Files.write(folder.resolve("file"), new byte[1]);
        CompiledKernelCache cache = new CompiledKernelCache(notAFolder.resolve("sub").toString());
        cache.store("k", IMAGE);
        cache.store("k", IMAGE);
        assertThat(cache.find("k")).isEmpty();
    }

    /** A limit on the size of files stands in for a full disk: a write gets so far and fails. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskCostsTimeOnly() throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", "ulimit -f 2; exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:-UsePerfData", "-cp",
                System.getProperty("java.class.path"), FullDisk.class.getName(), folder.toString())
                        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.PIPE).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("cannot be written in " + folder).contains("File too large");
        assertThat(folder.toFile().list()).isEmpty();
    }

    /** What runs in the other JVM. */
    static final class FullDisk {

        private FullDisk() {}

        public static void main(String[] arguments) {
            CompiledKernelCache cache = new CompiledKernelCache(arguments[0]);
            cache.store("k", IMAGE);
            if (cache.find("k").isPresent()) {
                throw new AssertionError("there is no room for it");
            }
        }
    }

    @Test
    void nothingIsKeptWhereNothingShallBe() {
        CompiledKernelCache none = new CompiledKernelCache("none");
        none.store("k", IMAGE);
        assertThat(none.find("k")).isEmpty();
    }
}
