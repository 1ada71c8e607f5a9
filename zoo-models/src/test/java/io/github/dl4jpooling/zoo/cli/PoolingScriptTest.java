// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The start script with a Maven and a Java that only say how they were called, in a folder with blanks. */
@DisabledOnOs(OS.WINDOWS)
class PoolingScriptTest {
    private static final List<String> TOOLS =
            List.of("sh", "dirname", "readlink", "find", "head", "cat", "grep", "mkdir", "tail", "touch");

    @TempDir
    Path temporary;

    private Path root;
    private Path bin;
    private Path calls;
    private int exitCode;
    private String err;

    @BeforeEach
    void createProject() throws Exception {
        root = Files.createDirectories(temporary.resolve("a project"));
        bin = Files.createDirectories(temporary.resolve("bin"));
        calls = temporary.resolve("calls.txt");
        Files.copy(Path.of("..", "pooling"), root.resolve("pooling"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.createDirectories(root.resolve("samediff-ops/src/main/java"));
        Files.writeString(root.resolve("samediff-ops/pom.xml"), "");
        for (String tool : TOOLS) {
            script(tool, "exec " + where(tool) + " \"$@\"");
        }
        script("java", "for a; do echo \"java:$a\" >> '" + calls + "'; done; exit 7");
        script("mvn", "echo mvn >> '" + calls + "'\n"
                + "mkdir -p '" + target() + "'\n"
                + "touch '" + root + "/dep.jar' '" + target() + "/integration-tests-1.jar'\n"
                + "[ -f '" + target() + "/classpath.txt' ] || printf %s '" + root + "/dep.jar' > '" + target()
                + "/classpath.txt'");
    }

    @Test
    void buildsOnceAndPassesArgumentsOn() throws Exception {
        run("compare", "--output", "a b");
        assertThat(exitCode).isEqualTo(7);
        assertThat(err.lines()).hasSize(1);
        assertThat(err).startsWith("Building").contains("log: " + target().resolve("pooling-build.log"));
        assertThat(calls()).startsWith("mvn").endsWith("java:-cp",
                "java:" + target() + "/integration-tests-1.jar:" + root + "/dep.jar",
                "java:" + PoolingCommand.class.getName(), "java:compare", "java:--output", "java:a b");

        run("ops");
        assertThat(err).isEmpty();
        assertThat(calls()).doesNotContain("mvn").endsWith("java:ops");
    }

    @Test
    void buildsAgainAfterChanges() throws Exception {
        run("ops");
        Path source = root.resolve("samediff-ops/src/main/java/A.java");
        Files.writeString(source, "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        run("ops");
        assertThat(calls()).contains("mvn", "java:ops");

        run("ops");
        assertThat(calls()).contains("mvn");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(5)));
        Files.setLastModifiedTime(source.getParent(), FileTime.from(Instant.now().minusSeconds(5)));
        run("ops");
        assertThat(calls()).doesNotContain("mvn");

        Files.delete(root.resolve("dep.jar"));
        run("ops");
        assertThat(calls()).contains("mvn");
    }

    @Test
    void worksThroughALinkAndFromElsewhere() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), root.resolve("pooling"));
        execute(link, "ops");
        assertThat(exitCode).isEqualTo(7);
        assertThat(calls()).contains("mvn", "java:ops");
    }

    @Test
    void failedBuildShowsTheErrors() throws Exception {
        script("mvn", "echo '[INFO] fine'; echo '[ERROR] no compiler here'; echo '[ERROR] Re-run Maven'; exit 1");
        run("ops");
        assertThat(exitCode).isEqualTo(1);
        assertThat(err).contains("[ERROR] no compiler here", "pooling: the build failed; the whole log is in ")
                .doesNotContain("fine", "Re-run");
        assertThat(Files.readString(target().resolve("pooling-build.log"))).contains("[INFO] fine");
        assertThat(calls).doesNotExist();
    }

    @Test
    void buildThatFailsWithoutAnErrorMessage() throws Exception {
        script("mvn", "echo 'out of memory'; exit 137");
        run("ops");
        assertThat(exitCode).isEqualTo(1);
        assertThat(err).contains("out of memory", "pooling: the build failed");
    }

    @Test
    void missingToolsAreNamed() throws Exception {
        Files.delete(bin.resolve("mvn"));
        run("ops");
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.lines()).hasSize(1);
        assertThat(err).contains("Maven", "apt-get install maven");

        Files.delete(bin.resolve("java"));
        run("ops");
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.lines()).hasSize(1);
        assertThat(err).contains("Java 11", "JAVA_HOME");
    }

    private Path target() {
        return root.resolve("integration-tests/target");
    }

    private void script(String name, String body) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static Path where(String tool) {
        for (String folder : List.of("/bin", "/usr/bin")) {
            if (Files.exists(Path.of(folder, tool))) {
                return Path.of(folder, tool);
            }
        }
        throw new IllegalStateException("no " + tool + " on this system");
    }

    private void run(String... arguments) throws Exception {
        execute(root.resolve("pooling"), arguments);
    }

    private void execute(Path script, String... arguments) throws Exception {
        Files.deleteIfExists(calls);
        List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
        command.addAll(List.of(arguments));
        Path errors = temporary.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        exitCode = builder.start().waitFor();
        err = Files.readString(errors, StandardCharsets.UTF_8);
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(calls);
    }
}
