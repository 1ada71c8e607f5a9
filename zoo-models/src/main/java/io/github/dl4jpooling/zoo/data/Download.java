// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/** Fetches a small file over HTTP into memory. */
final class Download {
    private static final int MAX_BYTES = 64 << 20;
    private static final int CONNECT_MILLIS = (int) TimeUnit.SECONDS.toMillis(10);
    private static final int READ_MILLIS = (int) TimeUnit.SECONDS.toMillis(30);

    private Download() {}

    /** Throws an exception that names the address and what is wrong. */
    static byte[] bytes(String url) throws IOException {
        try {
            // Not java.net.http: its time limit does not cover a body that stalls.
            URLConnection connection = URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(READ_MILLIS);
            if (connection instanceof HttpURLConnection) {
                int status = ((HttpURLConnection) connection).getResponseCode();
                if (status != HttpURLConnection.HTTP_OK) {
                    throw new IOException("HTTP status " + status + ", expected 200");
                }
            }
            try (InputStream in = connection.getInputStream()) {
                byte[] body = in.readNBytes(MAX_BYTES + 1);
                if (body.length > MAX_BYTES) {
                    throw new IOException("more than " + MAX_BYTES + " bytes");
                }
                return body;
            }
        } catch (UnknownHostException e) {
            throw new IOException(url + ": unknown host " + e.getMessage() + ", is there a network?", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(url + ": " + e.getMessage(), e);
        }
    }
}
