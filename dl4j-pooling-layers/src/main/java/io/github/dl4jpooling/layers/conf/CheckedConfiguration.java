// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.nd4j.shade.jackson.annotation.JsonAnySetter;

/** A configuration of a layer or vertex that may come from a file, and is checked once it was read. */
public interface CheckedConfiguration {

    /**
     * Checks the settings, which DL4J's reader sets one by one.
     *
     * @throws DL4JInvalidConfigException if one is missing or out of range; the message names the layer or vertex, the
     *     setting, its value and what is allowed
     */
    void checkSettings();

    /**
     * Called for what a file says and this class has no setter for: a layer that leaves it out would compute something
     * else. Values that DL4J's classes write and do not read are none.
     *
     * @param name the setting
     * @param value its value
     * @throws DL4JInvalidConfigException if this class does not know it
     */
    @JsonAnySetter
    default void refuseSetting(String name, Object value) {
        String getter = "get" + name;
        if (Arrays.stream(getClass().getMethods()).anyMatch(method -> method.getName().equalsIgnoreCase(getter))) {
            return;
        }
        throw new DL4JInvalidConfigException(getClass().getSimpleName() + ": there is no setting " + name + ", got "
                + shortened(value) + "; the file is damaged, or was written by a"
                + " newer version");
    }

    /**
     * What is wrong with a setting.
     *
     * @param error what an op, or what it is made from, fails with
     * @return a message
     */
    default String reason(RuntimeException error) {
        String message = error.getMessage();
        if (!(error instanceof NullPointerException) || message != null && message.contains("must")) {
            return message;
        }
        return message != null && message.matches("\\w+")
                ? message + " must be set, got null"
                : "a setting that must be set is null: " + shortened(this);
    }

    private static String shortened(Object value) {
        String text = String.valueOf(value);
        return text.length() > 1000 ? text.substring(0, 1000) + "..." : text;
    }
}
