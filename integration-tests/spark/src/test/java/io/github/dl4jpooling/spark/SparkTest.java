// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.layers.conf.GatedPooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Programs submitted to Spark as users do it, with jars: in one process, and in a cluster of processes on this machine.
 * The build lays out Spark's jars and the program's.
 */
class SparkTest {

    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final String LOCAL = "local[2]";
    private static final String CLUSTER = "local-cluster[2,1,1024]"; // executors, cores and megabytes of each
    private static final int TIME_LIMIT_MINUTES = 5;

    /** Room for arrays; and a time that Aeron, newer than what DL4J's parts for Spark expect, wants to be longer. */
    private static final String PROPERTIES = "-Dorg.bytedeco.javacpp.maxbytes=2g "
            + "-Dorg.bytedeco.javacpp.maxphysicalbytes=4g -Daeron.publication.unblock.timeout=60s";

    /** What Spark needs of Java 17; its own scripts add the same. */
    private static final List<String> OPENED = List.of("java.base/java.lang", "java.base/java.lang.invoke",
            "java.base/java.lang.reflect", "java.base/java.io", "java.base/java.net", "java.base/java.nio",
            "java.base/java.util", "java.base/java.util.concurrent", "java.base/java.util.concurrent.atomic",
            "java.base/jdk.internal.ref", "java.base/sun.nio.ch", "java.base/sun.nio.cs",
            "java.base/sun.security.action", "java.base/sun.util.calendar");

    @TempDir
    private Path folder;

    private static String jars(String place, String separator) throws IOException {
        try (Stream<Path> files = Files.list(TARGET.resolve(place))) {
            return files.map(Path::toString).sorted().collect(Collectors.joining(separator));
        }
    }

    private static Path programJar() throws IOException {
        try (Stream<Path> files = Files.list(TARGET)) {
            return files.filter(file -> file.getFileName().toString().matches("spark-[0-9].*\\.jar")).findFirst()
                    .orElseThrow(
                            () -> new AssertionError("no jar in " + TARGET + ": run this with mvn verify -Pspark"));
        }
    }

    private String submit(String master, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        OPENED.forEach(name -> Collections.addAll(command, "--add-opens", name + "=ALL-UNNAMED"));
        Collections.addAll(command, PROPERTIES.split(" "));
        Collections.addAll(command, "-cp", TARGET.resolve("spark-home").resolve("jars") + "/*",
                "org.apache.spark.deploy.SparkSubmit", "--master", master,
                "--conf", "spark.ui.enabled=false",
                "--conf", "spark.driver.host=127.0.0.1",
                "--conf", "spark.driver.bindAddress=127.0.0.1",
                "--conf", "spark.executor.extraJavaOptions=" + PROPERTIES,
                "--conf", "spark.local.dir=" + folder,
                "--jars", jars("program", ","),
                "--class", program.getName(), programJar().toString());
        command.addAll(Arrays.asList(arguments));
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("SPARK_HOME", TARGET.resolve("spark-home").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.12"); // a download of Spark has a file that says so
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        Process process = builder.start();
        boolean ended = process.waitFor(TIME_LIMIT_MINUTES, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        String text = Files.readString(output);
        assertThat(ended).as(text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    private static double number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"averaging|" + LOCAL, "averaging|" + CLUSTER, "sharing|" + LOCAL,
        "sharing|" + CLUSTER})
    void training(String mode, String master) throws Exception {
        Path network = folder.resolve("network.zip");
        String output = submit(master, SparkTraining.class, mode, network.toString());
        assertThat(number(output, "accuracy ([0-9.]+)")).isGreaterThan(0.9);
        assertThat(number(output, "on ([0-9]+) executors")).isEqualTo(master.equals(CLUSTER) ? 2 : 0);
        MultiLayerNetwork trained = MultiLayerNetwork.load(network.toFile(), true);
        assertThat(trained.getLayer(3).conf().getLayer()).isInstanceOf(GatedPooling.class);
        assertThat(trained.params().isNaN().any()).isFalse();
    }

    @Test
    void executorDies() throws Exception {
        Path network = folder.resolve("network.zip");
        Path mark = folder.resolve("mark");
        String output = submit(CLUSTER, SparkTraining.class, "averaging", network.toString(), mark.toString());
        assertThat(mark).exists();
        assertThat(output).contains("137");
        assertThat(number(output, "accuracy ([0-9.]+)")).isGreaterThan(0.9);
    }

    @Test
    void graphs() throws Exception {
        assertThat(submit(CLUSTER, SparkGraphs.class)).contains("equal results on 2 executors");
    }
}
