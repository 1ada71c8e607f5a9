// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.integrationtests.family.Operators;
import io.github.dl4jpooling.integrationtests.family.RandomCases;
import io.github.dl4jpooling.integrationtests.layers.EveryLayerNetwork;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Works for a long time, and notes how much memory the process has meanwhile. An iteration trains a network with every
 * layer for a step, uses it, and runs one of the ops forward and backward; every tenth is the work of a new thread.
 */
public final class LongRun {

    private static final int SEED = 23;
    private static final int CASES = 2; // of each op
    private static final int ITERATIONS_PER_THREAD = 10;

    private final ComputationGraph network = EveryLayerNetwork.network(DataType.FLOAT, CNN2DFormat.NCHW);
    private final DataSet data = EveryLayerNetwork.data(DataType.FLOAT, CNN2DFormat.NCHW);
    private final List<OperatorRun> runs = Operators.all()
            .flatMap(operator -> RandomCases.of(operator, DataType.FLOAT, SEED, CASES)).collect(Collectors.toList());

    private LongRun() {}

    private void iterate(int iteration) {
        network.fit(data);
        network.outputSingle(data.getFeatures());
        OperatorRun run = runs.get(iteration % runs.size());
        PlainArray y = run.outputs()[0];
        run.gradients(PlainArray.gaussian(new Random(SEED), 1, y.shape()));
    }

    private void iterateInNewThread(int iteration) throws ExecutionException, InterruptedException {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            thread.submit(() -> {
                iterate(iteration);
                Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
            }).get();
        } finally {
            thread.shutdown();
        }
    }

    /**
     * Runs.
     *
     * @param arguments file for the samples, how many there shall be, and the number of iterations between two
     */
    public static void main(String[] arguments) throws IOException, ExecutionException, InterruptedException {
        LongRun run = new LongRun();
        Path file = Path.of(arguments[0]);
        int samples = Integer.parseInt(arguments[1]);
        int distance = Integer.parseInt(arguments[2]);
        for (int i = 1; i <= samples * distance; i++) {
            if (i % ITERATIONS_PER_THREAD == 0) {
                run.iterateInNewThread(i);
            } else {
                run.iterate(i);
            }
            if (i % distance == 0) {
                MemorySample.take(i).appendTo(file);
            }
        }
        System.exit(0); // ND4J's threads would go on
    }
}
