// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * One attempt to get what is missing of a file. Not by java.net.http: its time limit does not cover a body that stalls,
 * where the read timeout of a URLConnection is that very limit.
 */
final class Transfer {
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;

    private final Path part;
    private final Validator validator;
    private final Duration connect;
    private final Duration stall;
    private long present;
    private long expected = -1;
    private boolean resumed;

    Transfer(Path part, Validator validator, Duration connect, Duration stall) {
        this.part = part;
        this.validator = validator;
        this.connect = connect;
        this.stall = stall;
    }

    /** Whether it went on from an earlier part. */
    boolean isResumed() {
        return resumed;
    }

    /** How many bytes are there, and of how many. */
    String progress() {
        return expected < 0 ? present + " bytes" : present + " of " + expected + " bytes";
    }

    /** Throws BrokenOffException if another attempt may help. */
    void run(URLConnection connection) throws IOException {
        String known = connection instanceof HttpURLConnection ? validator.read() : "";
        present = known.isEmpty() || !Files.exists(part) ? 0 : Files.size(part);
        connection.setConnectTimeout((int) connect.toMillis());
        connection.setReadTimeout((int) stall.toMillis());
        if (present > 0) {
            connection.setRequestProperty("Range", "bytes=" + present + "-");
            connection.setRequestProperty("If-Range", known);
        }
        try {
            if (connection instanceof HttpURLConnection && isComplete((HttpURLConnection) connection)) {
                return;
            }
            try (InputStream in = connection.getInputStream()) {
                write(connection, in);
            }
        } catch (UnknownHostException e) {
            throw new IOException("unknown host " + e.getMessage() + ", is there a network?", e);
        } finally {
            if (connection instanceof HttpURLConnection) {
                ((HttpURLConnection) connection).disconnect();
            }
        }
    }

    /** Looks at the status. */
    private boolean isComplete(HttpURLConnection connection) throws IOException {
        int status = status(connection);
        String range = String.valueOf(connection.getHeaderField("Content-Range"));
        if (status == RANGE_NOT_SATISFIABLE && present > 0) {
            expected = present;
            resumed = true;
            if (range.equals("bytes */" + present)) {
                return true;
            }
            Files.delete(part);
            throw new BrokenOffException("HTTP status 416: the file is not longer than the " + present
                    + " bytes there are");
        }
        if (status == HttpURLConnection.HTTP_PARTIAL && range.startsWith("bytes " + present + "-")) {
            resumed = present > 0;
            return false;
        }
        if (status == HttpURLConnection.HTTP_OK) {
            present = 0;
            return false;
        }
        String message = "HTTP status " + status + ", expected 200";
        if (status == HttpURLConnection.HTTP_CLIENT_TIMEOUT || status == TOO_MANY_REQUESTS || status >= SERVER_ERRORS) {
            throw new BrokenOffException(message);
        }
        throw new IOException(message);
    }

    private static int status(HttpURLConnection connection) throws IOException {
        try {
            return connection.getResponseCode();
        } catch (ConnectException | UnknownHostException e) {
            throw e;
        } catch (IOException e) {
            throw new BrokenOffException("no answer (" + e.getMessage() + ")");
        }
    }

    private void write(URLConnection connection, InputStream in) throws IOException {
        long length = connection.getContentLengthLong();
        expected = length < 0 ? -1 : present + length;
        if (!resumed) {
            validator.write(connection);
        }
        StandardOpenOption how = resumed ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
            byte[] buffer = new byte[1 << 16];
            for (int count = read(in, buffer); count >= 0; count = read(in, buffer)) {
                out.write(buffer, 0, count);
                present += count;
            }
        }
        if (expected >= 0 && present < expected) {
            throw new BrokenOffException("the connection ended after " + progress());
        }
    }

    private int read(InputStream in, byte... buffer) throws IOException {
        try {
            return in.read(buffer);
        } catch (SocketTimeoutException e) {
            throw new BrokenOffException("nothing came for " + stall.toMillis() / 1000.0 + " s, after " + progress());
        } catch (IOException e) {
            throw new BrokenOffException("the connection broke after " + progress() + " (" + e.getMessage() + ")");
        }
    }

    /** The transfer failed in a way that may be over soon. */
    static final class BrokenOffException extends IOException {
        private static final long serialVersionUID = 1;

        BrokenOffException(String message) {
            super(message);
        }
    }
}
