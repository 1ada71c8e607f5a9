// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.zoo.cli.CommandRun;
import io.github.dl4jpooling.zoo.cli.PoolingCommand;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The whole way: networks trained in processes, everything they leave, and commands that go on with it. */
@Timeout(300)
class CompareResumeTest {
    private static final List<String> COMMAND = List.of("compare", "--pooling", "max,soft", "--seeds", "1", "--epochs",
            "2", "--train-images", "300", "--test-images", "100", "--workers", "1", "--output");
    private static final long SIGINT_BIT = 2;

    @TempDir
    static Path temporary;

    private static Path output;
    private static CommandRun uninterrupted;

    @BeforeAll
    static void compare() {
        output = temporary.resolve("my results");
        uninterrupted = run(output);
    }

    private static CommandRun run(Path folder, String... options) {
        List<String> arguments = new ArrayList<>(COMMAND);
        arguments.add(folder.toString());
        arguments.addAll(List.of(options));
        return CommandRun.of(arguments.toArray(new String[0]));
    }

    @Test
    void comparesTwoPoolings() throws Exception {
        assertThat(uninterrupted.err).isEmpty();
        assertThat(uninterrupted.exitCode).isZero();
        assertThat(uninterrupted.out).contains("Fashion-MNIST, embedded subset", "300 training and 100 test images",
                "Training 2 networks for 2 epochs in 1 process", "10.00 % accuracy",
                "Repeat with: ./pooling compare --data embedded --model tiny --pooling max,soft --seeds 1 --epochs 2"
                        + " --train-images 300 --test-images 100 --batch 64",
                "Report: " + output);
        assertThat(output).isDirectoryContaining("glob:**/report.html").isDirectoryContaining("glob:**/results.csv")
                .isDirectoryContaining("glob:**/curves.png").isDirectoryContaining("glob:**/feature-maps.png");
        Comparison comparison = comparison(output);
        assertThat(comparison.summaries()).extracting(VariantSummary::pooling).containsExactly("max", "soft");
        assertThat(comparison.runs()).hasSize(2).allSatisfy(result -> {
            assertThat(result.parameters()).isEqualTo(105_866);
            assertThat(result.epochs()).hasSize(2);
            assertThat(result.accuracy()).isGreaterThan(0.2);
            EpochResult last = result.epochs().get(1);
            assertThat(last.trainLoss()).isPositive().isLessThan(result.epochs().get(0).trainLoss());
            assertThat(last.trainMillis()).isPositive();
            assertThat(last.inferenceMillis()).isPositive();
        });
        if (Files.isWritable(Path.of("/proc/self/clear_refs"))) {
            // The first convolution's maps alone take 50 kB, and their gradients as much.
            assertThat(comparison.summaries()).allSatisfy(
                    summary -> assertThat(summary.trainBytes()).isBetween(1e5, 1e7));
        }
    }

    /** Ctrl-C after the first network: no process is left, and the same command trains the second one only. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void goesOnAfterAnInterruption() throws Exception {
        Path folder = temporary.resolve("interrupted");
        Process process = start(folder);
        List<ProcessHandle> workers = new ArrayList<>();
        while (results(folder).isEmpty() && process.isAlive()) {
            process.children().filter(child -> !workers.contains(child)).forEach(workers::add);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        new ProcessBuilder("kill", isIgnored() ? "-TERM" : "-INT", Long.toString(process.pid())).start().waitFor();
        assertThat(process.waitFor()).isNotZero();
        assertThat(workers).hasSize(1);
        workers.get(0).onExit().get(30, TimeUnit.SECONDS);
        assertThat(Files.readString(temporary.resolve("err.txt"))).contains("Interrupted: 1 of 2 networks finished and"
                + " kept in " + folder.resolve("runs") + ". The same command goes on from there.")
                .doesNotContain("./pooling compare:", "Exception");
        assertThat(folder.resolve("results.json")).doesNotExist();
        assertThat(results(folder)).hasSize(1);
        FileTime first = Files.getLastModifiedTime(results(folder).get(0));

        copyMemory(folder);
        CommandRun resumed = run(folder);
        assertThat(resumed.err).isEmpty();
        assertThat(resumed.out).contains("1 of 2 networks there already", "Training 1 network for 2 epochs",
                "and 1 network had been trained before");
        assertThat(Files.getLastModifiedTime(results(folder).stream()
                .filter(file -> file.getFileName().toString().startsWith("max")).findFirst().orElseThrow()))
                        .isEqualTo(first);
        assertThat(withoutTimes(folder)).isEqualTo(withoutTimes(output));
    }

    /** Another protocol uses nothing and says why; damaged results are trained again; more seeds only add theirs. */
    @Test
    void usesWhatIsThere() throws Exception {
        Path folder = temporary.resolve("copy");
        Files.createDirectories(folder.resolve("runs"));
        try (Stream<Path> files = Files.list(output.resolve("runs"))) {
            for (Path file : files.collect(Collectors.toList())) {
                Files.copy(file, folder.resolve("runs").resolve(file.getFileName()));
            }
        }
        CommandRun again = run(folder);
        assertThat(again.out).contains("2 of 2 networks there already").doesNotContain("Training ", "Measuring");
        assertThat(withoutTimes(folder)).isEqualTo(withoutTimes(output));

        Protocol other = new Protocol("embedded", "tiny", List.of("max", "soft"), 2, 3, 300, 100, 64, false);
        RunStore store = new RunStore(folder, other, other.images(
                ImageDatasets.load("embedded")));
        assertThat(store.find(new TrainingJob("max", 1))).isEmpty();
        assertThat(store.unused()).containsExactly(
                "2 results in " + folder.resolve("runs") + " of another protocol not used (epochs 2).");

        Path half = results(folder).get(0);
        Files.writeString(half, Files.readString(half).substring(0, 100));
        Protocol same = new Protocol("embedded", "tiny", List.of("max", "soft"), 2, 2, 300, 100, 64, false);
        RunStore damaged = new RunStore(folder, same, same.images(
                ImageDatasets.load("embedded")));
        assertThat(same.jobs().stream().filter(job -> damaged.find(job).isPresent())).hasSize(1);
        assertThat(damaged.unused()).containsExactly(half + " is damaged and not used.");
    }

    private static Process start(Path folder) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Djava.awt.headless=true", "-cp",
                System.getProperty("java.class.path"), PoolingCommand.class.getName()));
        command.addAll(COMMAND);
        command.add(folder.toString());
        return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(temporary.resolve("err.txt").toFile()).start();
    }

    /** Processes that a shell puts into the background ignore Ctrl-C, and so do their children. */
    private static boolean isIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status) && Files.readAllLines(status).stream().filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).trim(), 16) & SIGINT_BIT) != 0);
    }

    private static List<Path> results(Path folder) throws IOException {
        if (!Files.isDirectory(folder.resolve("runs"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder.resolve("runs"))) {
            return files.filter(file -> file.getFileName().toString().matches("[a-z]+-seed1-\\w+\\.json")).sorted()
                    .collect(Collectors.toList());
        }
    }

    /** Measuring it again would only take time. */
    private static void copyMemory(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(output.resolve("runs"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".txt")).collect(Collectors.toList())) {
                Files.copy(file, folder.resolve("runs").resolve(file.getFileName()));
            }
        }
    }

    private static Comparison comparison(Path folder) throws IOException {
        return Json.read(folder.resolve("results.json"), Comparison.class);
    }

    /** results.json, but for times. */
    private static String withoutTimes(Path folder) throws IOException {
        return Files.readString(folder.resolve("results.json"))
                .replaceAll("\"(trainMillis|inferenceMillis|finished|seconds|reused)\" : [^\\n]*", "");
    }
}
