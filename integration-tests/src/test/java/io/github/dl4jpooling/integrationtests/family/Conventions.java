// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.integrationtests.oracle.OperatorOracle;
import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.integrationtests.oracle.WindowOracle;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.ExecutableOp;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SDPooling;
import io.github.dl4jpooling.ops.WindowOp;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Finds what belongs to an operator by its name: oracle, functions, ops, layers, golden vectors. */
public final class Conventions {

    private static final String LAYERS = "io.github.dl4jpooling.layers.conf.";

    private Conventions() {}

    /** The oracle of SOFT_POOL is SoftPoolOracle. */
    public static OperatorOracle oracle(PoolingOperator operator) {
        return (OperatorOracle) construct(
                OperatorOracle.class.getPackage().getName() + "." + operator.className() + "Oracle");
    }

    /** The oracle of an operator with a window. */
    public static WindowOracle windowOracle(PoolingOperator operator) {
        return (WindowOracle) oracle(operator);
    }

    /** The oracle of the operator that a golden case is of. */
    public static Optional<OperatorOracle> oracleOfGolden(GoldenCase golden) {
        return Arrays.stream(PoolingOperator.values())
                .filter(PoolingOperator::hasGradient)
                .map(Conventions::oracle)
                .filter(oracle -> oracle.accepts(golden))
                .findFirst();
    }

    /** The op of an operator with a window, its options at their defaults. */
    public static WindowOp op(PoolingOperator operator, PoolingWindow window) {
        return windowOracle(operator).op(window, null);
    }

    /** The inputs of this op: an array, and fixed numbers for the others. */
    private static INDArray[] inputs(PoolingOperator operator, PoolingWindow window, INDArray x) {
        WindowOp op = op(operator, window);
        INDArray[] inputs = new INDArray[op.inputNames().size()];
        Arrays.fill(inputs, x);
        if (inputs.length == 1) {
            return inputs;
        }
        try {
            PlainArray map = PlainArray.zeros(PlainArray.of(x, window.channelsLast()).shape());
            WindowOracle oracle = windowOracle(operator);
            PlainArray[] numbers = oracle.plainInputs(op, new Random(1), map);
            inputs = new OperatorRun(oracle, new OracleCase(op, numbers), x.dataType()).arrays();
            inputs[0] = x;
            return inputs;
        } catch (RuntimeException e) {
            return inputs; // the array does not fit the window, which the op has to say
        }
    }

    private static INDArray[] with(INDArray[] arrays, INDArray... more) {
        return Stream.concat(Arrays.stream(arrays), Arrays.stream(more)).toArray(INDArray[]::new);
    }

    public static INDArray pool(PoolingOperator operator, INDArray x, PoolingWindow window) {
        return new NDPooling().pool(op(operator, window), inputs(operator, window, x));
    }

    public static INDArray gradient(PoolingOperator operator, INDArray x, INDArray yGradient, PoolingWindow window) {
        NDPooling pooling = new NDPooling();
        WindowOp op = op(operator, window);
        INDArray[] inputs = inputs(operator, window, x);
        INDArray[] outputs = op.outputNames().size() == 1 ? new INDArray[1] : pooling.outputs(op, inputs);
        return pooling.gradients(op, yGradient, outputs, inputs)[0];
    }

    public static SDVariable pool(
            PoolingOperator operator, SameDiff graph, String name, SDVariable x, PoolingWindow window) {
        return pool(operator, graph, name, x, window, x.getArr());
    }

    /** For a variable that has no array yet, with one of the shape it will have. */
    public static SDVariable pool(
            PoolingOperator operator, SameDiff graph, String name, SDVariable x, PoolingWindow window, INDArray like) {
        WindowOp op = op(operator, window);
        SDVariable[] inputs = new SDVariable[op.inputNames().size()];
        inputs[0] = x;
        if (inputs.length > 1) {
            INDArray[] arrays = inputs(operator, window, like);
            for (int i = 1; i < inputs.length; i++) {
                inputs[i] = graph.constant(arrays[i]);
            }
        }
        return new SDPooling(graph).pool(name, op, inputs);
    }

    /** Runs a gradient on arrays of any layout, without ND4J's executioner. */
    public static void backward(
            PoolingOperator operator, PoolingWindow window, INDArray x, INDArray yGradient, INDArray xGradient) {
        ExecutableOp gradient = gradientOp(operator, x, yGradient, xGradient, window);
        gradient.execute(gradient.inputArguments(), gradient.outputArguments());
    }

    /** An op with its arrays; the output may be null. */
    public static ExecutableOp op(PoolingOperator operator, INDArray x, INDArray y, PoolingWindow window) {
        WindowOp op = op(operator, window);
        INDArray[] inputs = inputs(operator, window, x);
        if (y == null) {
            return withArrays(op, null, inputs);
        }
        INDArray[] further = op.outputShapes(Arrays.asList(inputs)).stream().skip(1)
                .map(output -> Nd4j.create(output.dataType(), output.getShape())).toArray(INDArray[]::new);
        return withArrays(op, with(new INDArray[] {y}, further), inputs);
    }

    /** A gradient op with its arrays; the output may be null. */
    public static ExecutableOp gradientOp(
            PoolingOperator operator, INDArray x, INDArray yGradient, INDArray xGradient, PoolingWindow window) {
        WindowOp op = op(operator, window);
        INDArray[] inputs = inputs(operator, window, x);
        INDArray[] outputs = op.outputNames().size() == 1 ? new INDArray[1] : new NDPooling().outputs(op, inputs);
        INDArray[] saved = Arrays.copyOfRange(outputs, 1, outputs.length);
        INDArray[] results = null;
        if (xGradient != null) {
            results = new INDArray[op.differentiableInputs()];
            results[0] = xGradient;
            for (int i = 1; i < results.length; i++) {
                results[i] = inputs[i].ulike();
            }
        }
        return withArrays(op.gradient(), results, with(with(inputs, saved), yGradient));
    }

    private static ExecutableOp withArrays(ExecutableOp op, INDArray[] outputs, INDArray... inputs) {
        op.addInputArgument(inputs);
        if (outputs != null) {
            op.addOutputArgument(outputs);
        }
        return op;
    }

    /** Whether there is a layer for one input. LipPooling is not that of LIP_POOL, which takes two. */
    public static boolean hasLayer(PoolingOperator operator) {
        try {
            if (!WindowPoolingLayer.class.isAssignableFrom(Class.forName(LAYERS + operator.className() + "ing"))) {
                return false;
            }
        } catch (ClassNotFoundException e) {
            return false;
        }
        return operator.newOp() instanceof WindowOp
                && ((WindowPoolingLayer) layer(operator, 2, 2).build()).op(false).operator() == operator;
    }

    /** The layer of SOFT_POOL for images is SoftPooling. */
    public static WindowPoolingLayer.Builder<?> layer(PoolingOperator operator, int... kernel) {
        return (WindowPoolingLayer.Builder<?>) construct(
                LAYERS + operator.className() + "ing$Builder", new Class<?>[] {int[].class}, (Object) kernel);
    }

    private static Object construct(String className) {
        return construct(className, new Class<?>[0]);
    }

    private static Object construct(String className, Class<?>[] types, Object... arguments) {
        try {
            return Class.forName(className).getConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw unwrapped(e);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("Every operator needs a public class " + className + " with a constructor for "
                    + Arrays.toString(types), e);
        }
    }

    private static RuntimeException unwrapped(InvocationTargetException e) {
        if (e.getCause() instanceof Error) {
            throw (Error) e.getCause();
        }
        return (RuntimeException) e.getCause();
    }
}
