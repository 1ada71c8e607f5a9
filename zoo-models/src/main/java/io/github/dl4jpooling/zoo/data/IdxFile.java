// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Content of an IDX file of unsigned bytes, the format of MNIST: the magic number 0x000008dd with dd dimensions, their
 * sizes as big-endian 32-bit integers, then the bytes. Files packed with gzip are recognised by their content.
 */
final class IdxFile {
    private static final int UNSIGNED_BYTES = 0x0800;
    private static final int GZIP_MAGIC = 0x1f8b;

    private final String name;
    private final byte[] header;
    private final int[] sizes;
    private final byte[] data;

    private IdxFile(String name, byte[] header, int[] sizes, byte[] data) {
        this.name = name;
        this.header = header;
        this.sizes = sizes;
        this.data = data;
    }

    static IdxFile read(Path file, int dimensions) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in, dimensions);
        }
    }

    /** Reads to the end of the stream; memory grows with what is really there, not with what the header announces. */
    static IdxFile read(String name, InputStream stream, int dimensions) throws IOException {
        try {
            InputStream in = unpacked(stream);
            byte[] header = in.readNBytes(Integer.BYTES * (1 + dimensions));
            int[] sizes = sizes(name, header, dimensions);
            int announced = announced(name, sizes);
            byte[] data = in.readNBytes(announced);
            if (data.length < announced) {
                throw new IOException(name + " is cut off: it holds " + data.length + " bytes after the header,"
                        + " expected " + announced + " (" + text(sizes) + ")");
            }
            if (in.read() >= 0) {
                throw new IOException(name + " holds more than the " + announced + " bytes (" + text(sizes)
                        + ") that its header announces");
            }
            return new IdxFile(name, header, sizes, data);
        } catch (EOFException e) {
            throw new IOException(name + " is cut off: its gzip data ends early", e);
        } catch (ZipException e) {
            throw new IOException(name + " is damaged: " + e.getMessage() + ", expected valid gzip data", e);
        }
    }

    String name() {
        return name;
    }

    /** Size of a dimension; the first is the number of images or labels. */
    int size(int dimension) {
        return sizes[dimension];
    }

    byte[] data() {
        return data;
    }

    /** SHA-256 of the unpacked file in hexadecimal, the same however the file was packed. */
    String sha256() {
        MessageDigest digest = Sha256.start();
        digest.update(header);
        digest.update(data);
        return Sha256.text(digest);
    }

    private static InputStream unpacked(InputStream stream) throws IOException {
        BufferedInputStream in = new BufferedInputStream(stream, 1 << 16);
        in.mark(2);
        int start = in.read() << 8 | in.read();
        in.reset();
        return start == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
    }

    private static int[] sizes(String name, byte[] header, int dimensions) throws IOException {
        int length = Integer.BYTES * (1 + dimensions);
        if (header.length < length) {
            throw new IOException(name + " is cut off: it holds " + header.length + " bytes, expected a header of "
                    + length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(header);
        int magic = buffer.getInt();
        if (magic != (UNSIGNED_BYTES | dimensions)) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "%s begins with 0x%08x, expected the magic number 0x%08x of an IDX file with unsigned bytes in %d"
                            + " dimension(s)",
                    name, magic, UNSIGNED_BYTES | dimensions, dimensions));
        }
        int[] sizes = new int[dimensions];
        for (int i = 0; i < dimensions; i++) {
            sizes[i] = buffer.getInt();
        }
        return sizes;
    }

    private static int announced(String name, int[] sizes) throws IOException {
        long product = 1;
        for (int size : sizes) {
            // Sizes are unsigned in the format: from 2^31 on they arrive here as negative numbers.
            if (size == 0) {
                throw new IOException(name + " has the sizes " + text(sizes) + ", expected at least 1 each");
            }
            if (size < 0 || product * size > LabelledImages.MAX_BYTES) {
                throw new IOException(name + " announces " + text(sizes) + " bytes, expected at most "
                        + LabelledImages.MAX_BYTES);
            }
            product *= size;
        }
        return (int) product;
    }

    private static String text(int[] sizes) {
        return Arrays.stream(sizes).mapToObj(Integer::toUnsignedString).collect(Collectors.joining(" x "));
    }
}
