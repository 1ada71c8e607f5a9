// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

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
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Finds what belongs to an operator by its name: oracle, functions, ops, layers, golden vectors. */
public final class Conventions {

    private static final String OPS = "io.github.dl4jpooling.ops.";
    private static final String LAYERS = "io.github.dl4jpooling.layers.conf.";

    private Conventions() {}

    /** Golden vectors of SOFT_POOL stand under softpool1d, softpool2d and softpool3d. */
    public static Optional<PoolingOperator> operatorOfGolden(String goldenName) {
        return Arrays.stream(PoolingOperator.values())
                .filter(operator -> operator.dimensions().stream()
                        .anyMatch(dimension -> goldenName
                                .replace("_", "")
                                .equals(operator.name().toLowerCase(Locale.ROOT).replace("_", "") + dimension + "d")))
                .findFirst();
    }

    /** The oracle of SOFT_POOL is SoftPoolOracle. */
    public static WindowOracle oracle(PoolingOperator operator) {
        return (WindowOracle) construct(
                WindowOracle.class.getPackage().getName() + "." + operator.className() + "Oracle");
    }

    /** The op of SOFT_POOL is SoftPool, made from a window. */
    public static WindowOp op(PoolingOperator operator, PoolingWindow window) {
        return (WindowOp) construct(OPS + operator.className(), new Class<?>[] {PoolingWindow.class}, window);
    }

    public static INDArray pool(PoolingOperator operator, INDArray x, PoolingWindow window) {
        return new NDPooling().pool(op(operator, window), x);
    }

    public static INDArray gradient(PoolingOperator operator, INDArray x, INDArray yGradient, PoolingWindow window) {
        return new NDPooling().gradients(op(operator, window), yGradient, x)[0];
    }

    public static SDVariable pool(
            PoolingOperator operator, SameDiff graph, String name, SDVariable x, PoolingWindow window) {
        return new SDPooling(graph).pool(name, op(operator, window), x);
    }

    /** Runs an operator on arrays of any layout, without ND4J's executioner. */
    public static void forward(PoolingOperator operator, PoolingWindow window, INDArray x, INDArray y) {
        op(operator, window).execute(Collections.singletonList(x), Collections.singletonList(y));
    }

    /** Runs a gradient on arrays of any layout, without ND4J's executioner. */
    public static void backward(
            PoolingOperator operator, PoolingWindow window, INDArray x, INDArray yGradient, INDArray xGradient) {
        op(operator, window).gradient().execute(Arrays.asList(x, yGradient), Collections.singletonList(xGradient));
    }

    /** An op with its arrays; the output may be null. */
    public static ExecutableOp op(PoolingOperator operator, INDArray x, INDArray y, PoolingWindow window) {
        return withArrays(op(operator, window), y, x);
    }

    /** A gradient op with its arrays; the output may be null. */
    public static ExecutableOp gradientOp(
            PoolingOperator operator, INDArray x, INDArray yGradient, INDArray xGradient, PoolingWindow window) {
        return withArrays(op(operator, window).gradient(), xGradient, x, yGradient);
    }

    private static ExecutableOp withArrays(ExecutableOp op, INDArray output, INDArray... inputs) {
        op.addInputArgument(inputs);
        if (output != null) {
            op.addOutputArgument(output);
        }
        return op;
    }

    /** The layer of SOFT_POOL for images is SoftPooling2D. */
    public static WindowPoolingLayer.Builder<?> layer(PoolingOperator operator, int... kernel) {
        WindowPoolingLayer.Builder<?> builder =
                (WindowPoolingLayer.Builder<?>) construct(layerName(operator, kernel.length) + "$Builder");
        builder.kernelSize(kernel);
        return builder;
    }

    private static String layerName(PoolingOperator operator, int dimensions) {
        return LAYERS + operator.className() + "ing" + dimensions + "D";
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
