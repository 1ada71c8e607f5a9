// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a file once, over HTTP or from any other address that Java can open, such as {@code file:}.
 *
 * <ul>
 *   <li>What comes is written to {@code NAME.part}, checked, and only then renamed: nobody ever sees half a file.
 *   <li>A transfer that was broken off goes on where it was, in this or a later call, if the server knows ranges and
 *       the file is still the same by its ETag or date; else it starts over.
 *   <li>Transfers that stall, break off or meet a status of 408, 429 or 5xx are tried again, 4 times in all; other
 *       failures are final at once.
 *   <li>Several threads and processes may ask for the same file: one fetches it, the others wait for it.
 *       {@code NAME.lock} serves that, and stays behind where nothing could be fetched.
 * </ul>
 *
 * <p>Instances are immutable.
 */
public final class Download {
    private static final Logger LOG = LoggerFactory.getLogger(Download.class);
    private static final Map<Path, Object> LOCKS = new ConcurrentHashMap<>();
    private static final int ATTEMPTS = 4;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration STALL = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final String url;
    private final Duration connect;
    private final Duration stall;
    private final Duration pause;

    /**
     * A download with the usual patience: 10 seconds for a connection, 30 seconds without a byte, 2 seconds and more
     * between attempts.
     *
     * @param url the address
     */
    public Download(String url) {
        this(url, CONNECT, STALL, PAUSE);
    }

    /** The pause doubles with each attempt. */
    Download(String url, Duration connect, Duration stall, Duration pause) {
        this.url = Objects.requireNonNull(url, "url");
        this.connect = connect;
        this.stall = stall;
        this.pause = pause;
    }

    /**
     * Sees to it that a file is there and passes a check. One that is there and passes is left as it is, without asking
     * the server; one that does not is renamed to {@code NAME.rejected} and fetched.
     *
     * @param file where the file is to be; its folder is made
     * @param check what it has to pass
     * @throws IOException if it cannot be had; the message names the address, and what was got and expected
     */
    public void to(Path file, FileCheck check) throws IOException {
        Path target = file.toAbsolutePath().normalize();
        synchronized (LOCKS.computeIfAbsent(target, path -> new Object())) {
            if (passes(target, check)) {
                return;
            }
            Path lock = sibling(target, ".lock");
            try (FileChannel channel = open(lock)) {
                channel.lock(); // until it is closed
                if (!passes(target, check)) {
                    putAside(target);
                    fetch(target, new Validator(channel), check);
                }
            }
            Files.deleteIfExists(lock); // whoever waits for it finds the file
        }
    }

    private static boolean passes(Path file, FileCheck check) throws IOException {
        return Files.exists(file) && check.defect(file).isEmpty();
    }

    private static void putAside(Path file) throws IOException {
        if (Files.exists(file)) {
            Path aside = sibling(file, ".rejected");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn("{} is not what is expected: kept as {}, and downloaded again", file, aside);
        }
    }

    private static Path sibling(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    private static FileChannel open(Path lock) throws IOException {
        try {
            Files.createDirectories(lock.getParent());
            return FileChannel.open(
                    lock, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("cannot write " + lock.getParent() + " (" + e + ")", e);
        }
    }

    private void fetch(Path target, Validator validator, FileCheck check) throws IOException {
        Path part = sibling(target, ".part");
        LOG.info("Downloading {}", url);
        Transfer transfer = transfer(part, validator);
        String defect = check.defect(part);
        if (!defect.isEmpty() && transfer.isResumed()) { // of two files, perhaps
            Files.delete(part);
            transfer = transfer(part, validator);
            defect = check.defect(part);
        }
        if (!defect.isEmpty()) {
            Files.delete(part);
            throw new IOException(
                    url + ": " + transfer.progress() + " came, but they are not the file that is expected: "
                            + defect);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Tries until the file is complete. */
    private Transfer transfer(Path part, Validator validator) throws IOException {
        Duration wait = pause;
        for (int attempt = 1;; attempt++) {
            Transfer transfer = new Transfer(part, validator, connect, stall);
            try {
                transfer.run(URI.create(url).toURL().openConnection());
                return transfer;
            } catch (Transfer.BrokenOffException e) {
                if (attempt == ATTEMPTS) {
                    throw new IOException(
                            url + ": " + e.getMessage() + "; " + ATTEMPTS + " attempts, the next call goes on", e);
                }
                LOG.warn("{}: {}, trying again", url, e.getMessage());
                sleep(wait);
                wait = wait.multipliedBy(2);
            } catch (IOException | IllegalArgumentException e) {
                throw new IOException(url + ": " + e.getMessage(), e);
            }
        }
    }

    private static void sleep(Duration duration) throws InterruptedIOException {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for another attempt");
        }
    }
}
