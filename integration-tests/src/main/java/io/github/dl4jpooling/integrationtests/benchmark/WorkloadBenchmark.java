// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.kernel.MemoryStream;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The ops of this project, and the time that reading and writing their arrays takes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class WorkloadBenchmark {

    /** See {@link Workload}. */
    @Param("soft_pool 2x2/2 1x1x8x8 float first")
    public String workload;

    private WorkloadArrays arrays;
    private INDArray read;
    private INDArray written;

    /** Makes op and arrays. */
    @Setup
    public void setUp() {
        arrays = new WorkloadArrays(Workload.of(workload));
        BenchmarkThreads.use();
        read = Nd4j.ones(arrays.input().dataType(), arrays.input().length());
        written = Nd4j.create(arrays.output().dataType(), arrays.output().length());
    }

    /** @return keeps the work alive */
    @Benchmark
    public INDArray forward() {
        arrays.forward();
        return arrays.output();
    }

    /** @return keeps the work alive */
    @Benchmark
    public INDArray forwardAndBackward() {
        arrays.forward();
        arrays.backward();
        return arrays.output();
    }

    /** @return keeps the work alive */
    @Benchmark
    public INDArray streamForward() {
        MemoryStream.run(read, written);
        return written;
    }

    /** @return keeps the work alive */
    @Benchmark
    public INDArray streamForwardAndBackward() {
        MemoryStream.run(read, written);
        MemoryStream.run(written, read);
        return read;
    }
}
