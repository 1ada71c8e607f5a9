// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.integrationtests.docs.Checkout;
import io.github.dl4jpooling.zoo.cli.CommandException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/** A library that pools, and how a process that times it is started. */
final class Implementation {

    /** Name of this project's. */
    static final String OURS = "ours";

    /** Name of this project's on one thread. */
    static final String ONE_THREAD = "1 thread";

    /** Name of this project's for those who want no gradient. */
    static final String WITHOUT_INDEX = "no index";

    /** Name of DL4J's layers; where ND4J's library is given, it follows. */
    static final String DL4J = "DL4J";

    /** ND4J's libraries for the CPU, by their classifiers. */
    static final List<String> LIBRARIES = List.of("plain", "avx2", "avx512", "onednn-avx2", "onednn-avx512");

    private static final String PEERS = "io.github.dl4jpooling.peers.";
    private static final Path PEERS_TARGET = Path.of("integration-tests", "peers", "target");
    private static final Set<String> TORCH_WINDOWS = Set.of("max_pool", "average_pool", "sum_pool", "soft_pool",
            "lip_pool", "dpp_pool", "mixed_pool", "gated_pool", "stochastic_pool", "power_average_pool");
    private static final Set<String> TORCH_ALL_DIMENSIONS = Set.of("max_pool", "average_pool", "soft_pool");
    private static final Set<String> TORCH_CELLS = Set.of("adaptive_avg_pool", "adaptive_max_pool");
    private static final Set<String> ONNX_WINDOWS = Set.of("max_pool", "average_pool", "pnorm_pool");

    private final String name;
    private final String classPath;
    private final List<String> jvm;
    private final String benchmark;
    private final Predicate<Workload> runs;

    private Implementation(String name, String classPath, List<String> jvm, String benchmark,
            Predicate<Workload> runs) {
        this.name = name;
        this.classPath = classPath;
        this.jvm = jvm;
        this.benchmark = benchmark;
        this.runs = runs;
    }

    /**
     * This project, then DL4J.
     *
     * @param libraries ND4J's, each timed with DL4J's layers; none for the one that ND4J chooses
     */
    static List<Implementation> withNd4j(List<String> libraries) {
        List<Implementation> all = new ArrayList<>();
        all.add(nd4j(OURS, List.of(), WorkloadBenchmark.class, workload -> true));
        all.add(nd4j(WITHOUT_INDEX, List.of(), ResultBenchmark.class,
                workload -> workload.operator().equals("max_pool")));
        if (libraries.isEmpty()) {
            all.add(nd4j(DL4J, List.of(), HostLayerBenchmark.class, HostLayerBenchmark::runs));
        }
        for (String library : libraries) {
            List<String> jvm = List.of("-Dorg.bytedeco.javacpp.platform.extension="
                    + (library.equals("plain") ? "" : "-" + library));
            all.add(nd4j(DL4J + " " + library, jvm, HostLayerBenchmark.class, HostLayerBenchmark::runs));
        }
        return all;
    }

    private static Implementation nd4j(String name, List<String> jvm, Class<?> benchmark, Predicate<Workload> runs) {
        return new Implementation(name, System.getProperty("java.class.path"), jvm, benchmark.getName(), runs);
    }

    /** This project on one thread. */
    static Implementation onOneThread() {
        Implementation all = withNd4j(List.of()).get(0);
        return new Implementation(ONE_THREAD, all.classPath, List.of("-D" + BenchmarkProcess.THREADS_PROPERTY + "=1"),
                all.benchmark, all.runs);
    }

    /** libtorch and ONNX Runtime. */
    static List<Implementation> peers() {
        String classPath = peersClassPath();
        return List.of(
                new Implementation("libtorch " + version(classPath, "pytorch"), classPath, List.of(),
                        PEERS + "TorchBenchmark", Implementation::torchRuns),
                new Implementation("ONNX Runtime " + version(classPath, "onnxruntime"), classPath, List.of(),
                        PEERS + "OnnxBenchmark", Implementation::onnxRuns));
    }

    private static String peersClassPath() {
        Path target = Checkout.find().resolve(PEERS_TARGET);
        Path others = target.resolve("classpath.txt");
        try (Stream<Path> jars = Files.list(target)) {
            Path jar = jars.filter(path -> path.toString().endsWith(".jar")).findFirst().orElseThrow();
            return jar + File.pathSeparator + Files.readString(others).trim();
        } catch (IOException e) {
            throw new CommandException("--peers needs their build, which is an extra download of 170 MB: "
                    + "mvn package -DskipTests -Ppeers");
        }
    }

    private static String version(String classPath, String artifact) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .map(path -> Path.of(path).getFileName().toString())
                .filter(file -> file.matches(artifact + "-[\\d.]+(-[\\d.]+)?\\.jar"))
                .map(file -> file.replaceFirst("^\\D+-([\\d.]+\\d).*$", "$1"))
                .findFirst().orElse("");
    }

    private static boolean torchRuns(Workload workload) {
        if (workload.layout().equals("strided")) {
            return false;
        }
        if (workload.hasWindow()) {
            boolean isDpp = workload.operator().equals("dpp_pool");
            return TORCH_WINDOWS.contains(workload.operator())
                    && (workload.dimensions() == 2 || TORCH_ALL_DIMENSIONS.contains(workload.operator()))
                    && (!isDpp || workload.kernel()[0] == workload.stride());
        }
        return !workload.hasBoxes() && !workload.hasLevels() && TORCH_CELLS.contains(workload.operator());
    }

    private static boolean onnxRuns(Workload workload) {
        boolean isPlain = workload.type().equals("float") && workload.layout().equals("first");
        return isPlain && (workload.hasWindow() && ONNX_WINDOWS.contains(workload.operator())
                || workload.operator().equals("roi_align"));
    }

    /** Says that one of ND4J's libraries is not in this build. */
    static void requirePresent(String library) {
        String ending = Loader.getPlatform() + (library.equals("plain") ? "" : "-" + library) + ".jar";
        boolean present = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(path -> new File(path).getName())
                .anyMatch(file -> file.startsWith("nd4j-native-") && file.endsWith(ending));
        if (!present) {
            throw new CommandException("--library " + library + " is not in this build; "
                    + "add ND4J's other libraries with: mvn package -DskipTests -Pcpu-libraries");
        }
    }

    static List<String> names(List<Implementation> implementations) {
        return implementations.stream().map(Implementation::name).collect(Collectors.toList());
    }

    String name() {
        return name;
    }

    boolean isOurs() {
        return name.equals(OURS);
    }

    boolean runs(Workload workload) {
        return runs.test(workload);
    }

    List<BenchmarkProcess.Pass> time(Workload workload, int milliseconds, int threads) throws IOException {
        return BenchmarkProcess.run(classPath, jvm, benchmark, workload.toString(), milliseconds, threads);
    }
}
