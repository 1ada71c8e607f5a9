// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.io.IOException;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * What tells whether a file on a server is still the one of which a part is here: its strong ETag or its date, RFC
 * 9110. Kept in the lock file, so that it goes with the part.
 */
final class Validator {
    private static final int LONGEST = 1024;

    private final FileChannel channel;

    Validator(FileChannel channel) {
        this.channel = channel;
    }

    /** Empty if the server gave none. */
    String read() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST);
        int length = channel.read(buffer, 0);
        return new String(buffer.array(), 0, Math.max(length, 0), StandardCharsets.UTF_8);
    }

    void write(URLConnection response) throws IOException {
        String tag = response.getHeaderField("ETag");
        String date = response.getHeaderField("Last-Modified");
        String text = tag == null || tag.startsWith("W/") ? date : tag;
        channel.truncate(0);
        if (text != null && text.length() <= LONGEST) {
            channel.write(StandardCharsets.UTF_8.encode(text), 0);
        }
    }
}
