// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Processes that train networks with one thread each: several of them are faster than one with several threads. */
public final class TrainingJvm {

    private TrainingJvm() {}

    /**
     * A process with this one's class path and the settings that say where images come from.
     *
     * @param mainClass name of the class to run
     * @param arguments its arguments
     * @return the process, not started
     */
    public static ProcessBuilder of(String mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Arrays lie outside the Java heap: a small heap makes the collector free them early.
        command.addAll(List.of("-Xmx1g", "-Dorg.bytedeco.javacpp.maxbytes=3g",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=4g", "-XX:+UseSerialGC", "-Djava.awt.headless=true"));
        for (String property : List.of("pooling.data", "pooling.data.url", "logback.configurationFile")) {
            if (System.getProperty(property) != null) {
                command.add("-D" + property + "=" + System.getProperty(property));
            }
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder;
    }
}
