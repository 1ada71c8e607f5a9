// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.kernel.MemoryStream;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
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

/** Forward and backward pass of any operator, without making arrays, and copying its input. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class OperatorBenchmark {

    /** Between a constant of the list of operators and the name of one of its cases. */
    static final String SEPARATOR = ": ";

    /** Operator and case. */
    @Param("SOFT_POOL: 2x2/2")
    public String workload;

    private Runnable forward;
    private Runnable backward;
    private INDArray read;
    private INDArray written;

    /** Makes op and arrays. */
    @Setup
    public void setUp() {
        String[] words = workload.split(SEPARATOR);
        OperatorCase made = OperatorCase.of(PoolingOperator.valueOf(words[0]), words[1]);
        made.run(pass -> {
            pass.run(); // what the gradient needs
            forward = pass;
        }, pass -> backward = pass);
        BenchmarkThreads.use();
        read = Nd4j.ones(DataType.FLOAT, made.floats());
        written = Nd4j.create(DataType.FLOAT, made.floats());
    }

    /** The forward pass. */
    @Benchmark
    public void forward() {
        forward.run();
    }

    /** The backward pass. */
    @Benchmark
    public void backward() {
        backward.run();
    }

    /** @return keeps the work alive */
    @Benchmark
    public INDArray copy() {
        MemoryStream.run(read, written);
        return written;
    }
}
