// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.layers.OneDnn;
import io.github.dl4jpooling.zoo.PooledZoo;
import io.github.dl4jpooling.zoo.model.ModelBuilder;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.util.ListStatistics;

/**
 * One step of training a network of the zoo with its own pooling, and one with another, in turn: two processes
 * differ by more than two poolings do.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TrainingStepBenchmark {

    /** The pooling that a model has from its authors, and the name of its times. */
    static final String OWN = "own";

    /** Name of the times with the other pooling. */
    static final String OTHER = "other";

    private static final int CLASSES = 10;
    private static final double NANOSECONDS = 1e-6; // in milliseconds

    /** Model, pooling and shape of the images with their number first. */
    @Param("lenet own 8x1x28x28")
    public String workload;

    private Training own;
    private Training other;

    /** A network that is trained, and what its steps take. */
    private static final class Training {
        private final Model network;
        private final DataSet images;
        private final List<Double> milliseconds = new ArrayList<>();

        Training(Model network, DataSet images) {
            this.network = network;
            this.images = images;
            if (network instanceof ComputationGraph) {
                OneDnn.enable((ComputationGraph) network);
            } else {
                OneDnn.enable((MultiLayerNetwork) network);
            }
        }

        double step() {
            long start = System.nanoTime();
            if (network instanceof ComputationGraph) {
                ((ComputationGraph) network).fit(images);
            } else {
                ((MultiLayerNetwork) network).fit(images);
            }
            milliseconds.add((System.nanoTime() - start) * NANOSECONDS);
            return network.score();
        }

        void report(String name) {
            BenchmarkProcess.report(name,
                    new ListStatistics(milliseconds.stream().mapToDouble(Double::doubleValue).toArray()));
        }
    }

    /** Makes the networks. */
    @Setup
    public void setUp() {
        String[] words = workload.split(" ");
        int[] shape = Arrays.stream(words[2].split("x")).mapToInt(Integer::parseInt).toArray();
        INDArray labels = Nd4j.zeros(shape[0], CLASSES);
        for (int i = 0; i < shape[0]; i++) {
            labels.putScalar(i, i % CLASSES, 1);
        }
        DataSet images = new DataSet(Nd4j.rand(DataType.FLOAT, shape[0], shape[1], shape[2], shape[3]), labels);
        own = new Training(network(words[0], OWN, shape), images);
        other = new Training(network(words[0], words[1], shape), images);
    }

    private static Model network(String name, String pooling, int[] shape) {
        ModelBuilder<?> builder = PooledZoo.named(name).inputShape(shape[1], shape[2], shape[3]).numClasses(CLASSES);
        return (pooling.equals(OWN) ? builder : builder.pooling(Pooling.named(pooling))).build().init();
    }

    /** Steps of the warm-up do not count. */
    @Setup(Level.Iteration)
    public void begin() {
        own.milliseconds.clear();
        other.milliseconds.clear();
    }

    /** @return keeps the work alive */
    @Benchmark
    public double steps() {
        return own.step() + other.step();
    }

    /** Tells the times apart. */
    @TearDown
    public void report() {
        own.report(OWN);
        other.report(OTHER);
    }
}
