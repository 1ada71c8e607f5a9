// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Forward and backward pass of pooling layers on [32,64,112,112] float; run through {@link BenchCommand}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PoolingBenchmark {

    /** Which layer: DL4J's max and average, or one of ours. */
    @Param({"max", "average", "soft"})
    public String pooling;

    /** Window size and stride. */
    @Param({"2x2/2", "3x3/2"})
    public String window;

    private LayerUnderTest layer;

    /** Makes the layer. */
    @Setup
    public void setUp() {
        int size = Character.getNumericValue(window.charAt(0));
        layer = new LayerUnderTest(pooling, size, 2, 32, 64, 112, 112);
    }

    /** @return keeps the work alive */
    @Benchmark
    public double forward() {
        return layer.forward();
    }

    /** @return keeps the work alive */
    @Benchmark
    public double backward() {
        return layer.backward();
    }

    /** @return keeps the work alive */
    @Benchmark
    public double forwardAndBackward() {
        return layer.forwardAndBackward();
    }
}
