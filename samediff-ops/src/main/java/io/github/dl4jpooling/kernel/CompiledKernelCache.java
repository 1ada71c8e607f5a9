// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled kernels on disk, so that a program compiles each of them once and not in every run. A file is written beside
 * its place and moved there, so that processes may share the folder; it begins with a hash of the rest, so that a torn
 * or changed file is compiled anew instead of being loaded. Whatever fails here costs time only: it is logged once.
 */
final class CompiledKernelCache {

    private static final Logger LOG = LoggerFactory.getLogger(CompiledKernelCache.class);
    private static final int HASH_BYTES = 32;

    private final Path folder; // null: nothing is kept
    private volatile boolean complained;

    /**
     * Uses a folder.
     *
     * @param setting its path; null or empty for the user's cache folder, "none" to keep nothing
     */
    CompiledKernelCache(String setting) {
        folder = "none".equals(setting) ? null
                : setting == null || setting.isEmpty() ? defaultFolder() : Paths.get(setting);
    }

    private static Path defaultFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache == null || cache.isEmpty() ? Paths.get(System.getProperty("user.home"), ".cache")
                : Paths.get(cache);
        return base.resolve("dl4j-pooling").resolve("kernels");
    }

    /**
     * A key.
     *
     * @param parts all that the compiled kernel depends on
     * @return a name for it
     */
    static String key(String... parts) {
        MessageDigest digest = sha256();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(bytes);
        }
        StringBuilder name = new StringBuilder();
        for (byte b : digest.digest()) {
            name.append(String.format(Locale.ROOT, "%02x", b));
        }
        return name.toString();
    }

    /**
     * Looks for a compiled kernel.
     *
     * @param key its key
     * @return what was stored, if it is there and whole
     */
    Optional<byte[]> find(String key) {
        if (folder == null || !Files.isRegularFile(file(key))) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(file(key));
            byte[] image = Arrays.copyOfRange(bytes, Math.min(HASH_BYTES, bytes.length), bytes.length);
            byte[] hash = Arrays.copyOf(bytes, HASH_BYTES);
            if (image.length > 0 && MessageDigest.isEqual(hash, sha256().digest(image))) {
                return Optional.of(image);
            }
            Files.deleteIfExists(file(key));
        } catch (IOException e) {
            complain("read", e);
        }
        return Optional.empty();
    }

    /**
     * Keeps a compiled kernel.
     *
     * @param key its key
     * @param image the kernel. Not modified.
     */
    void store(String key, byte[] image) {
        if (folder == null) {
            return;
        }
        try {
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, key, ".part");
            try {
                byte[] bytes = new byte[HASH_BYTES + image.length];
                System.arraycopy(sha256().digest(image), 0, bytes, 0, HASH_BYTES);
                System.arraycopy(image, 0, bytes, HASH_BYTES, image.length);
                Files.write(part, bytes);
                move(part, file(key));
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            complain("written", e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path file(String key) {
        return folder.resolve(key + ".kernel");
    }

    private void complain(String done, IOException e) {
        if (!complained) {
            complained = true;
            LOG.warn("Compiled kernels cannot be {} in {} and will be compiled in every run ({}). System property {} "
                    + "names another folder, or \"none\".", done, folder, e.toString(), GpuCompiler.CACHE_PROPERTY);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
