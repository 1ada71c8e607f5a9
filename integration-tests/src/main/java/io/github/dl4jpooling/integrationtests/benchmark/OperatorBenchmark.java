// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.ops.ExecutableOp;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Forward and backward pass of any operator, without making arrays. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class OperatorBenchmark {

    /** Which operator: a constant of the list. */
    @Param("SOFT_POOL")
    public String operator;

    /** One of the operator's cases: window size and stride, where it has a window. */
    @Param("2x2/2")
    public String what;

    private PoolingOp op;
    private ExecutableOp gradient;
    private List<INDArray> inputs;
    private List<INDArray> outputs;
    private List<INDArray> gradientInputs;
    private List<INDArray> gradientOutputs;

    /** Makes op and arrays. */
    @Setup
    public void setUp() {
        OperatorCase made = OperatorCase.of(PoolingOperator.valueOf(operator), what);
        op = made.op();
        inputs = made.inputs();
        // Holds for the calling thread, which is also the one that runs the op.
        NativeOpsHolder.getInstance().getDeviceNativeOps()
                .setOmpNumThreads(Integer.getInteger(LayerUnderTest.THREADS_PROPERTY));
        outputs = arrays(op, inputs);
        op.execute(inputs, outputs);
        gradient = op.gradient();
        gradientInputs = new ArrayList<>(inputs);
        gradientInputs.addAll(outputs.subList(1, outputs.size()));
        gradientInputs.add(outputs.get(0).dup());
        gradientOutputs = arrays(gradient, gradientInputs);
    }

    private static List<INDArray> arrays(ExecutableOp executable, List<INDArray> inputs) {
        return executable.outputShapes(inputs).stream()
                .map(shape -> Nd4j.create(shape.dataType(), shape.getShape()))
                .collect(Collectors.toList());
    }

    /** @return keeps the work alive */
    @Benchmark
    public List<INDArray> forward() {
        op.execute(inputs, outputs);
        return outputs;
    }

    /** @return keeps the work alive */
    @Benchmark
    public List<INDArray> backward() {
        gradient.execute(gradientInputs, gradientOutputs);
        return gradientOutputs;
    }
}
