// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.LabelledImageIterator;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Trains one network and measures it after each epoch. */
final class TrainingRun {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Protocol protocol;
    private final ImageDataset data;
    private final TrainingJob job;
    private final ComparedNetwork network;

    /** @param data the images of the protocol, already reduced to the protocol's numbers */
    TrainingRun(Protocol protocol, ImageDataset data, TrainingJob job) {
        this.protocol = protocol;
        this.data = data;
        this.job = job;
        network = ComparedNetwork.create(protocol.model(), data.train(), job);
    }

    ComparedNetwork network() {
        return network;
    }

    /** @param afterEpoch called after each epoch */
    RunResult train(Runnable afterEpoch) {
        String oneDnn = network.enableOneDnn();
        Nd4j.getRandom().setSeed(job.seed());
        LabelledImageIterator batches = data.train().shuffledBatches(protocol.batch(), job.seed());
        List<EpochResult> epochs = new ArrayList<>();
        for (int epoch = 0; epoch < protocol.epochs(); epoch++) {
            batches.startEpoch(epoch);
            epochs.add(epoch(batches));
            afterEpoch.run();
        }
        return new RunResult(job.pooling(), job.seed(), network.parameters().length(), oneDnn, epochs);
    }

    private EpochResult epoch(LabelledImageIterator batches) {
        double loss = 0;
        long nanos = 0;
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            long start = System.nanoTime();
            network.fit(batch);
            nanos += System.nanoTime() - start;
            loss += network.score() * batch.numExamples();
        }
        network.incrementEpochCount();
        int images = data.train().size();
        Evaluation test = Evaluation.of(network, data.test(), protocol.batch());
        return new EpochResult(loss / images, test.loss(), test.accuracy(),
                nanos / NANOS_PER_MILLI / images, test.millis());
    }
}
