// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.cli.CommandException;
import io.github.dl4jpooling.zoo.cli.PoolingCommand;
import io.github.dl4jpooling.zoo.compare.Json;
import io.github.dl4jpooling.zoo.compare.TrainingJvm;
import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import io.github.dl4jpooling.zoo.data.RegionScenes;
import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that trains one network. Several processes with one thread each train more than one process
 * with several threads.
 */
final class RegionWorker {
    /** Of the test scenes, which are the same for all seeds; seeds of training scenes are above 0. */
    private static final long TEST_SEED = 0;

    private RegionWorker() {}

    /**
     * Reads the protocol from a file and leaves the result in another.
     *
     * @param arguments protocol file, result file, pooling, seed
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        PoolingCommand.quietLogs();
        RegionProtocol protocol = Json.read(Path.of(arguments[0]), RegionProtocol.class);
        Regions regions = Regions.valueOf(arguments[2]);
        long seed = Long.parseLong(arguments[3]);
        ImageDataset items = ImageDatasets.load(ImageDatasets.EMBEDDED);
        RegionScenes train = new RegionScenes(items.train(), protocol.scenes(), RegionProtocol.PROPOSALS, seed);
        RegionScenes test = testScenes(items, protocol);
        Json.write(Path.of(arguments[1]), new RegionTraining(train, regions, seed).run(protocol.epochs(), test));
    }

    static RegionScenes testScenes(ImageDataset items, RegionProtocol protocol) {
        return new RegionScenes(items.test(), protocol.testScenes(), RegionProtocol.PROPOSALS, TEST_SEED);
    }

    /** Trains a network in a process of its own. */
    static RegionRun inProcess(Path folder, Regions regions, long seed) throws IOException, InterruptedException {
        String job = regions + "-seed-" + seed;
        Path log = folder.resolve(job + ".log");
        Path results = folder.resolve(job + ".json");
        Files.deleteIfExists(results);
        ProcessBuilder builder = TrainingJvm.of(
                RegionWorker.class.getName(), folder.resolve(RegionStudy.PROTOCOL_FILE).toString(), results.toString(),
                regions.name(), Long.toString(seed));
        Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Thread endProcess = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(endProcess);
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new CommandException("training " + job + " ended with exit code " + code
                        + "; its log is " + log);
            }
        } finally {
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(endProcess);
        }
        return Json.read(results, RegionRun.class);
    }
}
