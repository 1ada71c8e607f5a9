// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.cli.PoolingCommand;
import io.github.dl4jpooling.zoo.compare.Json;
import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import io.github.dl4jpooling.zoo.data.RegionScenes;
import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import io.github.dl4jpooling.zoo.swap.QuantizedSwap;
import java.io.IOException;
import java.nio.file.Path;

/** A process that trains one network. */
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
        RegionScenes test = testScenes(items, protocol);
        RegionTraining training = new RegionTraining(trainingScenes(items, protocol, seed), regions, seed);
        Json.write(Path.of(arguments[1]), training.run(protocol.epochs(), test));
    }

    /** Trains a network with RoIAlign in this process, and swaps its poolings. */
    static RegionQuantization quantization(RegionProtocol protocol, QuantizedSwap swap) throws IOException {
        ImageDataset items = ImageDatasets.load(ImageDatasets.EMBEDDED);
        RegionScenes train = trainingScenes(items, protocol, 1);
        RegionScenes test = testScenes(items, protocol);
        RegionTraining training = new RegionTraining(train, Regions.ALIGN, 1);
        training.run(protocol.epochs(), test);
        return new RegionQuantization(training.network(), swap, train, test);
    }

    private static RegionScenes trainingScenes(ImageDataset items, RegionProtocol protocol, long seed) {
        return new RegionScenes(items.train(), protocol.scenes(), RegionProtocol.PROPOSALS, seed);
    }

    static RegionScenes testScenes(ImageDataset items, RegionProtocol protocol) {
        return new RegionScenes(items.test(), protocol.testScenes(), RegionProtocol.PROPOSALS, TEST_SEED);
    }

    /** Trains a network in a process of its own. */
    static RegionRun inProcess(Path folder, Regions regions, long seed) throws IOException, InterruptedException {
        return StudyProcess.run(
                RegionRun.class, RegionWorker.class, folder, regions + "-seed-" + seed, regions.name(),
                Long.toString(seed));
    }
}
