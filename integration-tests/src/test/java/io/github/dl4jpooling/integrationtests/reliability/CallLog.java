// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts calls by what they ended with. The call that is under way stands in a file, {@code NAME-current.txt}, by means
 * of the system: it is still there when native code has ended the JVM. A report, {@code NAME.txt}, is written now and
 * then.
 */
final class CallLog {

    private static final int LENGTH = 4096;
    private static final int FAULTS_SHOWN = 200;
    private static final int KIND_SHOWN = 120;
    private static final long SLOW = 2_000_000_000L; // nanoseconds
    private static final long MILLISECOND = 1_000_000;
    private static final int CALLS_PER_REPORT = 1000;

    private final Path folder = Path.of("target", "reliability");
    private final String name;
    private final MappedByteBuffer current;
    private final Map<String, Map<String, Integer>> counts = new TreeMap<>(); // by group, then outcome
    private final List<String> faults = new ArrayList<>();
    private final Map<String, Integer> kindsOfFaults = new TreeMap<>();
    private final Map<String, Integer> kindsOfHost = new TreeMap<>(); // what calls ended with before they got here
    private final List<String> slow = new ArrayList<>();
    private final Map<String, Long> times = new TreeMap<>(); // nanoseconds of each group
    private int made;

    CallLog(String name) {
        this.name = name;
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(folder.resolve(name + "-current.txt"),
                    StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                current = channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a call, judges what it ends with, and counts it. */
    void make(String group, HostileCall call) {
        long start = System.nanoTime();
        try {
            end(group, call.run());
        } catch (Throwable thrown) { // whatever it is, it is judged
            Verdict verdict = Verdict.of(thrown);
            if (verdict == Verdict.FAULT) {
                fault(group, call.toString(), thrown);
            } else {
                end(group, verdict.name());
            }
            if (verdict == Verdict.HOST) {
                kindsOfHost.merge(kind(thrown), 1, Integer::sum);
            }
        }
        took(group, call.toString(), System.nanoTime() - start);
        if (++made % CALLS_PER_REPORT == 0) {
            report();
        }
    }

    private static String kind(Throwable thrown) {
        String text = thrown.toString().replaceAll("[-0-9]+", "0").replaceAll("\\s+", " ");
        return text.substring(0, Math.min(text.length(), KIND_SHOWN));
    }

    /** Notes a call before it is made. */
    void begin(String call) {
        byte[] text = new byte[LENGTH];
        Arrays.fill(text, (byte) ' ');
        byte[] bytes = call.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, text, 0, Math.min(bytes.length, LENGTH));
        current.rewind();
        current.put(text);
    }

    /** Counts a call that has ended. */
    void end(String group, String outcome) {
        counts.computeIfAbsent(group, key -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
    }

    /** Counts a call that ended as none may. */
    void fault(String group, String call, Throwable thrown) {
        end(group, "FAULT");
        StringBuilder place = new StringBuilder(
                thrown instanceof AssertionError ? group : thrown.getClass().getSimpleName());
        for (StackTraceElement element : thrown.getStackTrace()) {
            if (element.getClassName().startsWith("io.github.dl4jpooling.")
                    && !element.getClassName().contains(".integrationtests.")) {
                place.append(" at ").append(element);
                break;
            }
        }
        boolean known = kindsOfFaults.merge(place.toString(), 1, Integer::sum) > 3;
        if (!known && faults.size() < FAULTS_SHOWN) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            faults.add(group + "\n" + call + "\n" + trace);
        }
    }

    /** Keeps calls that took long. */
    private void took(String group, String call, long nanoseconds) {
        times.merge(group, nanoseconds, Long::sum);
        if (nanoseconds > SLOW) {
            slow.add(nanoseconds / MILLISECOND + " ms: " + call);
        }
    }

    /** How many calls ended with an outcome. */
    int count(String outcome) {
        return counts.values().stream().mapToInt(group -> group.getOrDefault(outcome, 0)).sum();
    }

    /** How many calls there were. */
    int count() {
        return counts.values().stream().flatMap(group -> group.values().stream()).mapToInt(Integer::intValue).sum();
    }

    /** Groups that were called. */
    List<String> groups() {
        return List.copyOf(counts.keySet());
    }

    List<String> faults() {
        return Collections.unmodifiableList(faults);
    }

    /** Writes the report, and fails if there was a fault, or a group or a kind of outcome is missing. */
    void check(List<String> expectedGroups) {
        report();
        assertThat(faults).isEmpty();
        assertThat(groups()).containsAll(expectedGroups);
        assertThat(count(HostileCall.RIGHT)).isPositive();
        assertThat(count(Verdict.REFUSED.name())).isPositive();
    }

    /** Writes the report. */
    void report() {
        StringBuilder text = new StringBuilder(count() + " calls\n");
        Map<String, Integer> all = new TreeMap<>();
        counts.values().forEach(group -> group.forEach((outcome, count) -> all.merge(outcome, count, Integer::sum)));
        text.append(all).append('\n');
        counts.forEach((group, outcomes) -> text.append(group).append(' ').append(outcomes).append(", ")
                .append(times.getOrDefault(group, 0L) / MILLISECOND).append(" ms\n"));
        kindsOfFaults.forEach((kind, count) -> text.append(count).append(" x ").append(kind).append('\n'));
        kindsOfHost.forEach((kind, count) -> text.append(count).append(" x before: ").append(kind).append('\n'));
        slow.forEach(call -> text.append(call).append('\n'));
        faults.forEach(fault -> text.append('\n').append(fault));
        try {
            Files.writeString(folder.resolve(name + ".txt"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
