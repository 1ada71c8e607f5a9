// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The ops of this project for those who want their result and no gradient, as a network at work does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ResultBenchmark {

    /** See {@link Workload}. */
    @Param("max_pool 2x2/2 1x1x8x8 float first")
    public String workload;

    private WorkloadArrays arrays;

    /** Makes op and arrays. */
    @Setup
    public void setUp() {
        arrays = new WorkloadArrays(Workload.of(workload));
        BenchmarkThreads.use();
    }

    /** @return keeps the work alive */
    @Benchmark
    public INDArray forward() {
        arrays.result();
        return arrays.output();
    }
}
