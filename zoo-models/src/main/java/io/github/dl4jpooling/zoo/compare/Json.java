// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.text.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect.Visibility;
import org.nd4j.shade.jackson.annotation.PropertyAccessor;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/** The fields of value classes as JSON, by the Jackson that ND4J brings along. */
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .setVisibility(PropertyAccessor.ALL, Visibility.NONE)
            .setVisibility(PropertyAccessor.FIELD, Visibility.ANY);

    private static final long MOST_BYTES = 1 << 26; // results of thousands of networks have a few million

    private Json() {}

    /**
     * @param value a value class
     * @return the value on one line
     */
    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T parse(String json, Class<T> type) throws IOException {
        return MAPPER.readValue(json, type);
    }

    /**
     * @param <T> the type
     * @param file a file that {@link #write} wrote
     * @param type what it holds
     * @return the value
     * @throws IOException if the file cannot be read, or is larger than any that was written
     */
    public static <T> T read(Path file, Class<T> type) throws IOException {
        long bytes = Files.size(file);
        if (bytes > MOST_BYTES) {
            throw new IOException(file + " has " + bytes + " bytes, expected at most " + MOST_BYTES);
        }
        return MAPPER.readValue(file.toFile(), type);
    }

    /**
     * Writes a value for people to read, too.
     *
     * @param file where to
     * @param value a value class
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, Object value) throws IOException {
        WholeFile.write(file, MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(value));
    }
}
