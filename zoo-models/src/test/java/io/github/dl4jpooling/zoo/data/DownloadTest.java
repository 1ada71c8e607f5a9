// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import static io.github.dl4jpooling.zoo.data.FaultyServer.Fault.BREAK_OFF;
import static io.github.dl4jpooling.zoo.data.FaultyServer.Fault.CORRUPT;
import static io.github.dl4jpooling.zoo.data.FaultyServer.Fault.FORBIDDEN;
import static io.github.dl4jpooling.zoo.data.FaultyServer.Fault.SERVER_ERROR;
import static io.github.dl4jpooling.zoo.data.FaultyServer.Fault.SILENCE;
import static io.github.dl4jpooling.zoo.data.FaultyServer.Fault.STALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.Adler32;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
    private static final int SIZE = 200_000;
    private static final Duration STALL_LIMIT = Duration.ofMillis(300);
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final byte[] content = new byte[SIZE];
    private FaultyServer server;
    private FileCheck check;
    private long sum;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void start() throws IOException {
        new Random(3).nextBytes(content);
        server = new FaultyServer().serve("/weights.zip", content);
        Adler32 adler = new Adler32();
        adler.update(content);
        sum = adler.getValue();
        check = FileCheck.adler32(sum);
        file = folder.resolve("cache/weights.zip");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Download download(String path) {
        return new Download(server.address(path), Duration.ofSeconds(5), STALL_LIMIT, PAUSE);
    }

    private void assertFetched() throws IOException {
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
        assertThat(file.getParent().toFile().list()).containsExactly("weights.zip");
    }

    private void fetch() throws IOException {
        download("/weights.zip").to(file, check);
    }

    /** The part stays, for the next call; the file itself is not there. */
    private void fails(ThrowableAssert.ThrowingCallable call, String... message) {
        assertThatIOException().isThrownBy(call).withMessageContainingAll(message);
        assertThat(file).doesNotExist();
    }

    @Test
    void fetchesOnce() throws IOException {
        fetch();
        assertFetched();
        fetch();
        assertThat(server.requests()).containsExactly("all");
    }

    @Test
    void goesOnWhereTheConnectionBroke() throws IOException {
        server.order(BREAK_OFF, BREAK_OFF);
        fetch();
        assertFetched();
        assertThat(server.requests()).containsExactly("all", "bytes=100000-", "bytes=150000-");
    }

    @Test
    void goesOnAfterAStall() throws IOException {
        server.order(SILENCE, STALL);
        fetch();
        assertFetched();
        assertThat(server.requests()).containsExactly("all", "all", "bytes=100000-");
    }

    @Test
    void givesUpAfterFourAttemptsAndGoesOnInTheNextCall() throws IOException {
        server.order(BREAK_OFF, BREAK_OFF, BREAK_OFF, STALL);
        fails(this::fetch, server.address("/weights.zip"), "nothing came for 0.3 s, after 187500 of 200000 bytes",
                "4 attempts");
        fetch();
        assertFetched();
        assertThat(server.requests()).hasSize(5).endsWith("bytes=187500-");
    }

    @Test
    void truncatedFilesAreNeverTaken() {
        server.withoutRanges();
        server.order(BREAK_OFF, BREAK_OFF, BREAK_OFF, BREAK_OFF);
        fails(this::fetch, server.address("/weights.zip"), "after 100000 of 200000 bytes", "4 attempts");
    }

    @Test
    void startsOverWhereTheServerKnowsNoRanges() throws IOException {
        server.withoutRanges();
        server.order(BREAK_OFF);
        fetch();
        assertFetched();
        assertThat(server.requests()).containsExactly("all", "bytes=100000-");
    }

    @Test
    void startsOverWhereTheServerNamesNoVersion() throws IOException {
        server.tag(null);
        server.order(BREAK_OFF);
        fetch();
        assertFetched();
        assertThat(server.requests()).containsExactly("all", "all");
    }

    @Test
    void startsOverWhereTheFileHasChanged() throws IOException {
        byte[] old = new byte[SIZE];
        server.serve("/weights.zip", old);
        server.order(BREAK_OFF, BREAK_OFF, BREAK_OFF, BREAK_OFF);
        fails(this::fetch, "of 200000 bytes");
        server.serve("/weights.zip", content);
        server.tag("\"second\"");
        fetch();
        assertFetched();
    }

    @Test
    void startsOverWhereThePartsDoNotFit() throws IOException {
        server.order(BREAK_OFF);
        server.serve("/weights.zip", new byte[SIZE]);
        fails(this::fetch, "expected " + sum);
        server.serve("/weights.zip", content);
        server.order(BREAK_OFF, BREAK_OFF, BREAK_OFF, BREAK_OFF);
        fails(this::fetch, "of 200000 bytes");
        Path part = file.resolveSibling("weights.zip.part");
        Files.write(part, new byte[(int) Files.size(part)]);
        fetch();
        assertFetched();
        assertThat(server.requests()).endsWith("bytes=187500-", "all");
    }

    @Test
    void partThatIsCompleteAlready() throws IOException {
        server.order(BREAK_OFF, BREAK_OFF, BREAK_OFF, BREAK_OFF);
        fails(this::fetch, "of 200000 bytes");
        Path part = file.resolveSibling("weights.zip.part");
        Files.write(part, content);
        fetch();
        assertFetched();
        assertThat(server.requests()).endsWith("bytes=200000-");
    }

    @Test
    void partThatIsTooLong() throws IOException {
        server.order(BREAK_OFF, BREAK_OFF, BREAK_OFF, BREAK_OFF);
        fails(this::fetch, "of 200000 bytes");
        Files.write(file.resolveSibling("weights.zip.part"), new byte[SIZE + 1]);
        fetch();
        assertFetched();
        assertThat(server.requests()).endsWith("bytes=200001-", "all");
    }

    @Test
    void corruptedFilesAreNeverTaken() throws IOException {
        server.order(CORRUPT);
        byte[] corrupt = content.clone();
        corrupt[0]++;
        Adler32 wrong = new Adler32();
        wrong.update(corrupt);
        fails(this::fetch, server.address("/weights.zip"), "200000 of 200000 bytes came",
                "200000 bytes with the Adler-32 sum " + wrong.getValue() + ", expected " + sum);
        assertThat(server.requests()).containsExactly("all");
        assertThat(file.resolveSibling("weights.zip.part")).doesNotExist();
        fetch();
        assertFetched();
    }

    @Test
    void refusalIsFinal() {
        server.order(FORBIDDEN);
        fails(this::fetch, server.address("/weights.zip") + ": HTTP status 403, expected 200");
        fails(() -> download("/other").to(file, check), server.address("/other") + ": HTTP status 404, expected 200");
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void serverErrorsMayBeOverSoon() throws IOException {
        server.order(SERVER_ERROR, SERVER_ERROR, SERVER_ERROR, SERVER_ERROR);
        fails(this::fetch, server.address("/weights.zip") + ": HTTP status 500, expected 200; 4 attempts");
        server.order(SERVER_ERROR);
        fetch();
        assertFetched();
    }

    @Test
    void nobodyListens() {
        String address = server.address("/weights.zip");
        server.close();
        fails(this::fetch, address);
        fails(() -> new Download("http://nowhere.invalid/x").to(file, check), "http://nowhere.invalid/x: unknown host");
        fails(() -> new Download("no address").to(file, check), "no address: ");
    }

    @Test
    void fileUrls() throws IOException {
        Path source = Files.write(folder.resolve("source"), content);
        new Download(source.toUri().toString()).to(file, check);
        assertFetched();
    }

    @Test
    void fileWithOtherContentIsKeptAside() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "mine");
        fetch();
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
        assertThat(file.resolveSibling("weights.zip.rejected")).hasContent("mine");
    }

    @Test
    void manyAtATimeFetchOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            calls.add(threads.submit(() -> {
                fetch();
                return null;
            }));
        }
        for (Future<?> call : calls) {
            call.get();
        }
        threads.shutdown();
        assertFetched();
        assertThat(server.requests()).containsExactly("all");
    }

    /** Processes of their own, which share nothing but the folder. */
    @Test
    void processesFetchOnce() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                    System.getProperty("java.class.path"), Main.class.getName(), server.address("/weights.zip"),
                    file.toString(), String.valueOf(sum)).inheritIO().start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }
        assertFetched();
        assertThat(server.requests()).containsExactly("all");
    }

    /** What each of the processes does. */
    static final class Main {
        private Main() {}

        public static void main(String... args) throws IOException {
            new Download(args[0]).to(Path.of(args[1]), FileCheck.adler32(Long.parseLong(args[2])));
        }
    }

    @Test
    void sha256() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        StringBuilder text = new StringBuilder();
        for (byte b : digest) {
            text.append(String.format("%02X", b));
        }
        download("/weights.zip").to(file, FileCheck.sha256(text.toString()));
        assertFetched();
        String wrong = "0".repeat(64);
        assertThat(FileCheck.sha256(wrong).defect(file))
                .isEqualTo("200000 bytes with the SHA-256 sum " + text.toString().toLowerCase(Locale.ROOT)
                        + ", expected " + wrong);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FileCheck.sha256("12"))
                .withMessage("a SHA-256 sum has 64 hexadecimal digits, got \"12\"");
    }
}
