// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SDPooling;
import io.github.dl4jpooling.ops.SoftPool;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Calls that pool next to nothing: what is timed is the way to the kernel, ours and ND4J's own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TinyCallBenchmark {

    /** Not used: one workload. */
    @Param("tiny")
    public String workload;

    private final NDPooling pooling = new NDPooling();
    private PoolingWindow window;
    private Pooling2DConfig config;
    private INDArray x;
    private LayerUnderTest ourLayer;
    private LayerUnderTest hostLayer;
    private SameDiff ourGraph;
    private SameDiff hostGraph;

    /** Makes arrays, layers and graphs. */
    @Setup
    public void setUp() {
        window = PoolingWindow.builder(2, 2).stride(2, 2).build();
        config = Pooling2DConfig.builder().kH(2).kW(2).sH(2).sW(2).isNHWC(false).build();
        x = Nd4j.rand(DataType.FLOAT, 1, 1, 4, 4);
        ourLayer = new LayerUnderTest("soft", 2, 2, 0, 1, 1, 4, 4);
        hostLayer = new LayerUnderTest("max", 2, 2, 0, 1, 1, 4, 4);
        ourGraph = SameDiff.create();
        SDVariable in = ourGraph.placeHolder("x", DataType.FLOAT, 1, 1, 4, 4);
        new SDPooling(ourGraph).pool("y", new SoftPool(window), in);
        hostGraph = SameDiff.create();
        hostGraph.cnn().maxPooling2d("y", hostGraph.placeHolder("x", DataType.FLOAT, 1, 1, 4, 4), config);
    }

    /** @return keeps the work alive */
    @Benchmark
    public INDArray eagerOurs() {
        return pooling.pool(new SoftPool(window), x);
    }

    /** @return keeps the work alive */
    @Benchmark
    public INDArray eagerMaximumOurs() {
        return pooling.pool(new MaxPool(window), x);
    }

    /** @return keeps the work alive */
    @Benchmark
    public INDArray eagerNd4j() {
        return Nd4j.cnn().maxPooling2d(x, config);
    }

    /** @return keeps the work alive */
    @Benchmark
    public double layerOurs() {
        return ourLayer.forward();
    }

    /** @return keeps the work alive */
    @Benchmark
    public double layerNd4j() {
        return hostLayer.forward();
    }

    /** @return keeps the work alive */
    @Benchmark
    public INDArray sameDiffOurs() {
        return ourGraph.outputSingle(Map.of("x", x), "y");
    }

    /** @return keeps the work alive */
    @Benchmark
    public INDArray sameDiffNd4j() {
        return hostGraph.outputSingle(Map.of("x", x), "y");
    }
}
