// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.ops.ExecutableOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowOp;
import io.github.dl4jpooling.zoo.catalogue.Examples;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
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

/** Forward and backward pass of any operator with a window on {@value #SHAPE} float, without making arrays. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class OperatorBenchmark {

    static final String SHAPE = "[8,32,56,56]";
    static final long FLOATS = 8L * 32 * 56 * 56;

    /** Which operator: a constant of the list. */
    @Param("SOFT_POOL")
    public String operator;

    /** Window size and stride. */
    @Param({"2x2/2", "3x3/2"})
    public String window;

    private WindowOp op;
    private ExecutableOp gradient;
    private List<INDArray> inputs;
    private List<INDArray> outputs;
    private List<INDArray> gradientInputs;
    private List<INDArray> gradientOutputs;

    /** Makes op and arrays. */
    @Setup
    public void setUp() {
        Nd4j.getRandom().setSeed(1);
        // Holds for the calling thread, which is also the one that runs the op.
        NativeOpsHolder.getInstance().getDeviceNativeOps()
                .setOmpNumThreads(Integer.getInteger(LayerUnderTest.THREADS_PROPERTY));
        op = (WindowOp) Examples.of(2, false)
                .window(Character.getNumericValue(window.charAt(0)), 2)
                .op(PoolingOperator.valueOf(operator))
                .orElseThrow();
        INDArray x = Nd4j.rand(DataType.FLOAT, 8, 32, 56, 56);
        inputs = new ArrayList<>(List.of(x));
        for (WindowInput input : op.furtherInputs()) {
            if (input.isPresent()) {
                inputs.add(Nd4j.rand(DataType.FLOAT, input.shape(op, x.shape())).addi(0.5));
            }
        }
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
