// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.cli.PoolingCommand;
import io.github.dl4jpooling.zoo.compare.Json;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import java.io.IOException;
import java.nio.file.Path;

/** A process that trains one encoder. */
final class PretextWorker {

    private PretextWorker() {}

    /**
     * Reads the protocol from a file and leaves the result in another.
     *
     * @param arguments protocol file, result file, pooling, seed
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        PoolingCommand.quietLogs();
        PretextProtocol protocol = Json.read(Path.of(arguments[0]), PretextProtocol.class);
        PretextTraining training = new PretextTraining(protocol, ImageDatasets.load(ImageDatasets.EMBEDDED),
                arguments[2], Long.parseLong(arguments[3]));
        Json.write(Path.of(arguments[1]), training.run());
    }
}
