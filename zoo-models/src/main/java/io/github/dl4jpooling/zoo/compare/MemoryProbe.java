// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.dataset.DataSet;

/**
 * How much memory training takes for each further image of a batch: by how much the peak of the process' resident
 * memory during an update grows from a batch to one four times as large, divided by the images there are more. What
 * does not depend on the batch (the virtual machine, libraries, weights, updater) falls out of it. It counts all
 * memory, whoever allocates it: activations, gradients, and the scratch memory of oneDNN and of this library's kernels.
 */
final class MemoryProbe {
    /**
     * Lets the C library hand freed memory back at once, so that the peak is what is needed; else it keeps what was
     * freed, and results vary by a fifth.
     */
    static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_MMAP_THRESHOLD_", "65536", "MALLOC_ARENA_MAX", "1");

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path RESET = Path.of("/proc/self/clear_refs");
    private static final String RESET_PEAK = "5";
    private static final String PEAK = "VmHWM:";
    private static final int TIMES = 4;
    private static final int UPDATES = 6;
    private static final int WARM_UP = 2;
    private static final int SETTLE_MILLIS = 100;
    private static final int KIBI = 1024;

    private MemoryProbe() {}

    /** Bytes an image; NaN where the system does not tell the peak. Right only in a new process. */
    static double bytesPerImage(Protocol protocol, ImageDataset data, TrainingJob job)
            throws IOException, InterruptedException {
        if (!Files.isReadable(STATUS) || !Files.isWritable(RESET)) {
            return Double.NaN;
        }
        ComparedNetwork network = ComparedNetwork.create(protocol.model(), data.train(), job);
        network.enableOneDnn();
        int small = protocol.batch();
        DataSet smallBatch = batch(data.train(), small);
        DataSet largeBatch = batch(data.train(), TIMES * small);
        double before = peak(network, smallBatch);
        double after = peak(network, largeBatch);
        return (after - before) / ((TIMES - 1) * small);
    }

    private static DataSet batch(LabelledImages images, int size) {
        return images.batch(IntStream.range(0, size).map(i -> i % images.size()).toArray());
    }

    /** The smallest peak of some updates: whatever else the virtual machine does at times only adds to it. */
    private static double peak(ComparedNetwork network, DataSet batch) throws IOException, InterruptedException {
        double smallest = Double.POSITIVE_INFINITY;
        for (int update = 0; update < UPDATES; update++) {
            // Arrays that nobody uses any more lie outside the Java heap until the collector runs.
            System.gc();
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
            Files.writeString(RESET, RESET_PEAK);
            network.fit(batch);
            if (update >= WARM_UP) {
                smallest = Math.min(smallest, peak());
            }
        }
        return smallest;
    }

    private static double peak() throws IOException {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(PEAK))
                    .mapToDouble(line -> KIBI * Double.parseDouble(line.substring(PEAK.length()).trim().split(" ")[0]))
                    .findFirst().orElse(Double.NaN);
        }
    }
}
