// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.layers.OneDnn;
import io.github.dl4jpooling.zoo.PooledZoo;
import io.github.dl4jpooling.zoo.model.ModelBuilder;
import io.github.dl4jpooling.zoo.swap.Pooling;
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
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One step of training a network of the zoo, with its own pooling or another. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TrainingStepBenchmark {

    /** The pooling that a model has from its authors. */
    static final String OWN = "own";

    private static final int CLASSES = 10;

    /** Model, pooling and shape of the images with their number first. */
    @Param("lenet own 8x1x28x28")
    public String workload;

    private Model network;
    private DataSet images;

    /** Makes the network. */
    @Setup
    public void setUp() {
        String[] words = workload.split(" ");
        String[] sizes = words[2].split("x");
        int[] shape = new int[sizes.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Integer.parseInt(sizes[i]);
        }
        ModelBuilder<?> builder = PooledZoo.named(words[0]).inputShape(shape[1], shape[2], shape[3])
                .numClasses(CLASSES);
        if (!words[1].equals(OWN)) {
            builder.pooling(Pooling.named(words[1]));
        }
        network = builder.build().init();
        INDArray labels = Nd4j.zeros(shape[0], CLASSES);
        for (int i = 0; i < shape[0]; i++) {
            labels.putScalar(i, i % CLASSES, 1);
        }
        images = new DataSet(Nd4j.rand(DataType.FLOAT, shape[0], shape[1], shape[2], shape[3]), labels);
        if (network instanceof ComputationGraph) {
            OneDnn.enable((ComputationGraph) network);
        } else {
            OneDnn.enable((MultiLayerNetwork) network);
        }
    }

    /** @return keeps the work alive */
    @Benchmark
    public double step() {
        if (network instanceof ComputationGraph) {
            ((ComputationGraph) network).fit(images);
        } else {
            ((MultiLayerNetwork) network).fit(images);
        }
        return network.score();
    }
}
