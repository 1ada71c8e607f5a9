// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Source of the kernels for GPUs, which this library carries as resources. The run-time compiler knows no files: each
 * source is brought into one text, every included header once, where it is named first. For those who compile kernels
 * themselves, to look at their code; {@link Kernels} does it on its own.
 */
public final class GpuSource {

    private static final String ROOT = "cpp/";
    private static final Pattern INCLUDE = Pattern.compile("^#include \"([^\"]+)\"$");
    private static final Map<String, String> TEXTS = new ConcurrentHashMap<>();

    private GpuSource() {}

    /**
     * The text of one source with its headers.
     *
     * @param stem its name without folder and ending, for instance soft_pool
     * @return the text; its line numbers are those of the files
     * @throws IllegalArgumentException if there is no such source
     */
    public static String of(String stem) {
        return TEXTS.computeIfAbsent(stem, key -> {
            StringBuilder text = new StringBuilder();
            append(text, "cuda/" + key + ".cu", new HashSet<>());
            return text.toString();
        });
    }

    private static void append(StringBuilder text, String path, Set<String> done) {
        if (!done.add(path)) {
            return;
        }
        text.append("#line 1 \"").append(path).append("\"\n");
        int number = 0;
        for (String line : read(path).split("\n")) {
            number++;
            Matcher include = INCLUDE.matcher(line);
            if (line.equals("#pragma once")) {
                text.append('\n');
            } else if (include.matches()) {
                String included = URI.create(path).resolve(include.group(1)).toString();
                if (isForDevices(included)) {
                    append(text, included, done);
                    text.append("#line ").append(number + 1).append(" \"").append(path).append("\"\n");
                }
            } else {
                text.append(line).append('\n');
            }
        }
    }

    /** Headers for the host's compiler end in .h like others, but stand in the folder of the sources for GPUs. */
    private static boolean isForDevices(String path) {
        return !path.startsWith("cuda/") || path.endsWith(".cuh");
    }

    private static String read(String path) {
        try (InputStream in = GpuSource.class.getResourceAsStream(ROOT + path)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "This library has no source " + path + " of kernels for GPUs: its jar is incomplete");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Source " + path + " cannot be read from the jar of this library", e);
        }
    }
}
