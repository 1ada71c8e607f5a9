// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.cli.CommandException;
import io.github.dl4jpooling.zoo.data.ImageDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Keeps the result of each finished run in a file of its own, so that a later command need not repeat it. A file's name
 * has pooling, seed and the {@link RunKey}; it appears when it is complete.
 */
final class RunStore {
    /** The seed whose trained networks are kept, for the pictures of feature maps. */
    static final int SAVED_SEED = 1;

    private static final String ENDING = ".json";

    private final Path folder;
    private final RunKey key;

    /** @param data the images of the protocol, already reduced to the protocol's numbers */
    RunStore(Path output, Protocol protocol, ImageDataset data) throws IOException {
        folder = Files.createDirectories(output.resolve("runs"));
        key = RunKey.of(protocol, data);
    }

    /** The result of an earlier run; none if there is no file, or one that is damaged. */
    Optional<RunResult> find(TrainingJob job) {
        Path file = file(job);
        if (!Files.isRegularFile(file) || isSaved(job) && !Files.isRegularFile(networkFile(job))) {
            return Optional.empty();
        }
        return read(file).filter(run -> run.belongsTo(key, job)).map(run -> run.result);
    }

    void keep(TrainingJob job, RunResult result) {
        write(file(job), new StoredRun(key, result));
    }

    private void write(Path file, Object content) {
        try {
            Json.write(file, content);
        } catch (IOException e) {
            throw new CommandException("cannot keep a result: " + e.getMessage(), e);
        }
    }

    /** Bytes that training takes for each image, as measured before; none if they were not. */
    OptionalDouble findMemory(String pooling) {
        try {
            return OptionalDouble.of(Json.read(memoryFile(pooling), Double.class));
        } catch (IOException | RuntimeException e) {
            return OptionalDouble.empty();
        }
    }

    void keepMemory(String pooling, double bytes) {
        write(memoryFile(pooling), bytes);
    }

    private Path memoryFile(String pooling) {
        return folder.resolve(pooling + "-memory-" + key.name() + ".txt");
    }

    /** The job as a worker gets it: its network is kept if its seed is {@link #SAVED_SEED}. */
    TrainingJob order(TrainingJob job) {
        return isSaved(job) ? job.savingTo(networkFile(job).toString()) : job;
    }

    Path networkFile(TrainingJob job) {
        return folder.resolve(name(job) + ".zip");
    }

    /** What is there but cannot be used, and why: sentences for the user. */
    List<String> unused() throws IOException {
        int others = 0;
        TreeSet<String> differences = new TreeSet<>();
        List<String> sentences = new ArrayList<>();
        try (Stream<Path> list = Files.list(folder)) {
            List<Path> files = list.filter(RunStore::isResult).sorted().collect(Collectors.toList());
            for (Path file : files) {
                Optional<StoredRun> run = read(file);
                if (run.isEmpty()) {
                    sentences.add(file + " is damaged and not used.");
                } else if (!key.differences(run.get().key).isEmpty()) {
                    others++;
                    differences.addAll(key.differences(run.get().key));
                }
            }
        }
        if (others > 0) {
            sentences.add(others + (others == 1 ? " result" : " results") + " in " + folder
                    + " of another protocol not used (" + String.join(", ", differences) + ").");
        }
        return sentences;
    }

    Path folder() {
        return folder;
    }

    private static boolean isSaved(TrainingJob job) {
        return job.seed() == SAVED_SEED;
    }

    private static boolean isResult(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(ENDING) && !name.startsWith(".");
    }

    private Path file(TrainingJob job) {
        return folder.resolve(name(job) + ENDING);
    }

    private String name(TrainingJob job) {
        return job.pooling() + "-seed" + job.seed() + "-" + key.name();
    }

    private static Optional<StoredRun> read(Path file) {
        try {
            return Optional.of(Json.read(file, StoredRun.class)).filter(StoredRun::isComplete);
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** The content of a file. */
    private static final class StoredRun {
        private final RunKey key;
        private final RunResult result;

        @JsonCreator
        StoredRun(@JsonProperty("key") RunKey key, @JsonProperty("result") RunResult result) {
            this.key = key;
            this.result = result;
        }

        boolean isComplete() {
            return key != null && result != null && !result.epochs().isEmpty();
        }

        boolean belongsTo(RunKey wanted, TrainingJob job) {
            return wanted.differences(key).isEmpty() && result.pooling().equals(job.pooling())
                    && result.seed() == job.seed();
        }
    }
}
