// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.cli.CommandException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;

/** The runs of a protocol: those that are there are read, the others trained and kept one by one. */
final class TrainedRuns {
    private final Protocol protocol;
    private final RunStore store;
    private final int workers;
    private final Path logs;
    private final PrintWriter out;
    private int reused;

    TrainedRuns(Protocol protocol, RunStore store, int workers, Path logs, PrintWriter out) {
        this.protocol = protocol;
        this.store = store;
        this.workers = workers;
        this.logs = logs;
        this.out = out;
    }

    /** The results in the order of the protocol's jobs. */
    List<RunResult> train() throws IOException, InterruptedException {
        List<TrainingJob> missing = new ArrayList<>();
        for (TrainingJob job : protocol.jobs()) {
            if (store.find(job).isEmpty()) {
                missing.add(store.order(job));
            }
        }
        int all = protocol.jobs().size();
        reused = all - missing.size();
        if (reused > 0) {
            out.println(reused + " of " + counted(all, "network") + " there already, in " + store.folder());
        }
        if (!missing.isEmpty()) {
            out.println("Training " + counted(missing.size(), "network") + " for " + counted(protocol.epochs(), "epoch")
                    + " in " + counted(Math.min(workers, missing.size()), "process"));
            out.flush();
            try (TrainingProgress bar = new TrainingProgress(missing.size(), protocol.epochs(), System.err)) {
                new WorkerPool(protocol, workers, logs).run(missing, new Keeper(bar));
            }
        }
        List<RunResult> results = new ArrayList<>();
        for (TrainingJob job : protocol.jobs()) {
            results.add(store.find(job).orElseThrow(() -> new IOException(
                    "the result of " + job + " has vanished from " + store.folder())));
        }
        return results;
    }

    /** Bytes that training takes for each image of a batch, by pooling; NaN where that cannot be measured. */
    Map<String, Double> memory() {
        Map<String, Double> memory = new LinkedHashMap<>();
        for (String pooling : protocol.poolings()) {
            OptionalDouble known = store.findMemory(pooling);
            if (known.isEmpty()) {
                known = OptionalDouble.of(measure(pooling));
            }
            memory.put(pooling, known.getAsDouble());
        }
        return memory;
    }

    private double measure(String pooling) {
        try {
            out.println("Measuring the memory that training with " + pooling + " pooling takes");
            out.flush();
            double bytes = new WorkerPool(protocol, 1, logs)
                    .bytesPerImage(new TrainingJob(pooling, RunStore.SAVED_SEED));
            store.keepMemory(pooling, bytes);
            return bytes;
        } catch (CommandException e) {
            out.println("The memory of " + pooling + " pooling is not known: " + e.getMessage());
            return Double.NaN;
        }
    }

    /** How many runs {@link #train} found. */
    int reused() {
        return reused;
    }

    static String counted(int count, String noun) {
        String ending = noun.endsWith("s") ? "es" : "s";
        return count + " " + noun + (count == 1 ? "" : ending);
    }

    /** Keeps each result at once, and says what is kept when the user breaks off. */
    private final class Keeper implements WorkerPool.Progress {
        private final TrainingProgress bar;
        private final AtomicInteger done = new AtomicInteger(reused);

        Keeper(TrainingProgress bar) {
            this.bar = bar;
        }

        @Override
        public void epochDone() {
            bar.epochDone();
        }

        @Override
        public void jobDone(TrainingJob job, RunResult result) {
            store.keep(job, result);
            done.incrementAndGet();
            bar.jobDone();
        }

        @Override
        public void interrupted() {
            System.err.println();
            System.err.println("Interrupted: " + done + " of " + counted(protocol.jobs().size(), "network")
                    + " finished and kept in " + store.folder() + ". The same command goes on from there.");
            System.err.flush();
        }
    }
}
