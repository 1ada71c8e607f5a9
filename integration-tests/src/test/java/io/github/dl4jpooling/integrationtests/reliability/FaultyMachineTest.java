// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.ForkedJvm;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.kernel.CpuKernels;
import io.github.dl4jpooling.layers.conf.SoftPooling;
import io.github.dl4jpooling.zoo.cli.PoolingCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Machines on which something is missing, full or unusual. Each is a JVM of its own. */
@EnabledOnOs(OS.LINUX)
class FaultyMachineTest {

    private static final String[] SEE = {"see", "--pooling", "max,soft", "--output"};

    @TempDir
    private Path folder;

    private static String[] see(Path output) {
        String[] arguments = Arrays.copyOf(SEE, SEE.length + 1);
        arguments[SEE.length] = output.toString();
        return arguments;
    }

    /**
     * No home folder, a temporary folder whose name has blanks and letters of other scripts, decimal commas, another
     * default charset and time zone; and two processes that unpack the native code at the same time.
     */
    @Test
    void unusualEverything() throws Exception {
        Path home = Files.writeString(folder.resolve("home"), "not a folder");
        Path temporary = Files.createDirectory(folder.resolve("a b \u00e4\u00f6\u00fc \u56fe"));
        ForkedJvm jvm = ForkedJvm.of(UnusualMachine.class)
                .environment("LC_ALL", "C.UTF-8")
                .environment("XDG_CACHE_HOME", home.toString())
                .options(List.of("-Duser.home=" + home, "-Djava.io.tmpdir=" + temporary, "-Duser.language=de",
                        "-Duser.country=DE", "-Dfile.encoding=US-ASCII", "-Duser.timezone=Asia/Kolkata",
                        "-XX:-UsePerfData"));
        List<Path> results = List.of(temporary.resolve("first"), temporary.resolve("second"));
        ExecutorService threads = Executors.newFixedThreadPool(results.size());
        try {
            List<Callable<String>> tasks = new ArrayList<>();
            results.forEach(result -> tasks.add(() -> jvm.run(result.toString())));
            for (Future<String> output : threads.invokeAll(tasks)) {
                assertThat(output.get()).doesNotContain("Exception").contains("SSIM");
            }
        } finally {
            threads.shutdown();
        }
        Path usual = folder.resolve("usual");
        assertThat(PoolingCommand.commandLine().execute(see(usual))).isZero();
        MultiLayerNetwork network = UnusualMachine.network();
        for (Path result : results) {
            assertThat(result.resolve("see.html")).hasSameTextualContentAs(usual.resolve("see.html"));
            assertThat(result.resolve("see.png")).hasSameBinaryContentAs(usual.resolve("see.png"));
            INDArray input = StatefulNetworks.data(0).getFeatures();
            Comparison.assertSameBits("output of the network that was saved there",
                    MultiLayerNetwork.load(result.resolve(UnusualMachine.NETWORK).toFile(), true).output(input),
                    network.output(input));
        }
    }

    /** What runs in the other JVM. */
    public static final class UnusualMachine {

        static final String NETWORK = "network \u00e4.zip";

        private UnusualMachine() {}

        static MultiLayerNetwork network() {
            return StatefulNetworks.network(new SoftPooling.Builder(2, 2).build());
        }

        /**
         * Uses the command line, saves and loads.
         *
         * @param arguments folder for results
         */
        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            int code = PoolingCommand.commandLine().execute(see(folder));
            File file = folder.resolve(NETWORK).toFile();
            network().save(file);
            MultiLayerNetwork.load(file, true);
            System.exit(code);
        }
    }

    /** A limit on the size of files stands in for a full disk: a write gets so far and fails. */
    @Test
    void fullDisk() throws IOException {
        Path output = Files.createDirectory(folder.resolve("results"));
        Files.writeString(output.resolve("see.png"), "the result of another day");
        ForkedJvm.Result result = ForkedJvm.of(PoolingCommand.class)
                .options(List.of("-XX:-UsePerfData"))
                .limits("ulimit -f 8")
                .tryToRun(see(output));
        assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
        assertThat(result.output()).contains("see: cannot write " + output.resolve("see.png"))
                .contains("File too large")
                .doesNotContain("\tat ");
        assertThat(output.toFile().list()).containsExactly("see.png");
        assertThat(output.resolve("see.png")).hasContent("the result of another day");
    }

    /** A broken library in front of the system's. ND4J brings one of its own. */
    @Test
    void noOpenMpRuntime() throws IOException {
        Path libraries = Files.createDirectory(folder.resolve("libraries"));
        Files.writeString(libraries.resolve("libgomp.so.1"), "not a library");
        assertThat(ForkedJvm.of(FirstKernel.class).environment("LD_LIBRARY_PATH", libraries.toString()).run())
                .contains(CpuKernels.instructionSet().name());
    }

    @Test
    void unknownPlatform() {
        ForkedJvm.Result result = ForkedJvm.of(FirstKernel.class)
                .options(List.of("-Dorg.bytedeco.javacpp.platform=linux-riscv64")).tryToRun();
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output())
                .contains("The native kernels of dl4j-pooling cannot be loaded on linux-riscv64")
                .contains("samediff-ops").contains("org.bytedeco.javacpp.cachedir").contains("libgomp.so.1");
    }

    /** Loads the native kernels before anything of ND4J. */
    public static final class FirstKernel {

        private FirstKernel() {}

        /**
         * Prints the instruction set.
         *
         * @param arguments none
         */
        public static void main(String[] arguments) {
            System.out.println(CpuKernels.instructionSet());
        }
    }
}
