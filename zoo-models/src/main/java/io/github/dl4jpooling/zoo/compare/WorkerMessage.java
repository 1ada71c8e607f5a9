// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.io.IOException;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What a worker process tells the process that started it, one message a line on its standard output. Native libraries
 * print there too, so a message has a marker before it and begins on a new line.
 */
final class WorkerMessage {
    private static final String MARKER = "@pooling-worker ";

    /** What has happened. */
    enum Type {
        READY, EPOCH, DONE, MEMORY, FAILED
    }

    private final Type type;
    private final String text;
    private final RunResult result;

    @JsonCreator
    WorkerMessage(@JsonProperty("type") Type type, @JsonProperty("text") String text,
            @JsonProperty("result") RunResult result) {
        this.type = type;
        this.text = text;
        this.result = result;
    }

    Type type() {
        return type;
    }

    /** What went wrong, in a message of type FAILED; bytes an image, in one of type MEMORY. */
    String text() {
        return text;
    }

    /** The outcome of the job, in a message of type DONE. */
    RunResult result() {
        return result;
    }

    String encode() {
        return "\n" + MARKER + Json.line(this) + "\n";
    }

    /** Null if the line is no message. */
    static WorkerMessage decode(String line) throws IOException {
        return line.startsWith(MARKER) ? Json.parse(line.substring(MARKER.length()), WorkerMessage.class) : null;
    }
}
