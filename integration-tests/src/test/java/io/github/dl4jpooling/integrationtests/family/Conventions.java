// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.integrationtests.oracle.WindowOracle;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SDPooling;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
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

    /** The function of SOFT_POOL is NDPooling.softPool. */
    public static INDArray pool(PoolingOperator operator, INDArray x, PoolingWindow window) {
        return (INDArray) call(
                new NDPooling(),
                method(operator),
                new Class<?>[] {INDArray.class, PoolingWindow.class},
                x,
                window);
    }

    /** The gradient function of SOFT_POOL is NDPooling.softPoolBp. */
    public static INDArray gradient(PoolingOperator operator, INDArray x, INDArray yGradient, PoolingWindow window) {
        return (INDArray) call(
                new NDPooling(),
                method(operator) + "Bp",
                new Class<?>[] {INDArray.class, INDArray.class, PoolingWindow.class},
                x,
                yGradient,
                window);
    }

    /** The graph function of SOFT_POOL is SDPooling.softPool. */
    public static SDVariable pool(
            PoolingOperator operator, SameDiff graph, String name, SDVariable x, PoolingWindow window) {
        return (SDVariable) call(
                new SDPooling(graph),
                method(operator),
                new Class<?>[] {String.class, SDVariable.class, PoolingWindow.class},
                name,
                x,
                window);
    }

    /** The op of SOFT_POOL is SoftPool. */
    public static PoolingOp op(PoolingOperator operator, INDArray x, INDArray y, PoolingWindow window) {
        return (PoolingOp) construct(
                OPS + operator.className(),
                new Class<?>[] {INDArray.class, INDArray.class, PoolingWindow.class},
                x,
                y,
                window);
    }

    /** The gradient op of SOFT_POOL is SoftPoolBp. */
    public static PoolingOp gradientOp(
            PoolingOperator operator, INDArray x, INDArray yGradient, INDArray xGradient, PoolingWindow window) {
        return (PoolingOp) construct(
                OPS + operator.className() + "Bp",
                new Class<?>[] {INDArray.class, INDArray.class, INDArray.class, PoolingWindow.class},
                x,
                yGradient,
                xGradient,
                window);
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

    private static String method(PoolingOperator operator) {
        String name = operator.className();
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
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

    private static Object call(Object target, String method, Class<?>[] types, Object... arguments) {
        try {
            return target.getClass().getMethod(method, types).invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw unwrapped(e);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("Every operator needs a method " + target.getClass().getSimpleName() + "." + method
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
