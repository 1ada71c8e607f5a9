// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.CpuKernels;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs window operators with one input on arrays that the caller has allocated: what ops and layers share. Everything
 * is checked here, before native code sees it. Arrays may be views and have any strides.
 */
public final class WindowKernels {

    private WindowKernels() {}

    /**
     * Shape of the result.
     *
     * @param operator the operator
     * @param window the window
     * @param x array to pool. Not modified.
     * @return shape of the pooled array
     * @throws IllegalArgumentException if rank, sizes or type of {@code x} do not fit
     */
    public static long[] outputShape(PoolingOperator operator, PoolingWindow window, INDArray x) {
        return geometry(operator, window, x).outputShape();
    }

    /**
     * Forward pass.
     *
     * @param operator the operator
     * @param window the window
     * @param x array to pool. Not modified.
     * @param y array of the output shape, of the same type. Modified: every element is written.
     * @throws IllegalArgumentException if ranks, sizes or types do not fit
     */
    public static void forward(PoolingOperator operator, PoolingWindow window, INDArray x, INDArray y) {
        WindowGeometry geometry = geometry(operator, window, x);
        checkArray(operator, "output", y, x, geometry.outputShape());
        launch(operator.stem() + "_forward", geometry, x, y);
    }

    /**
     * Backward pass.
     *
     * @param operator the operator
     * @param window the window
     * @param x input of the forward pass. Not modified.
     * @param yGradient gradient of the loss for the output. Not modified.
     * @param xGradient array of the shape and type of {@code x}. Modified: every element is written.
     * @throws IllegalArgumentException if ranks, sizes or types do not fit
     */
    public static void backward(
            PoolingOperator operator, PoolingWindow window, INDArray x, INDArray yGradient, INDArray xGradient) {
        WindowGeometry geometry = geometry(operator, window, x);
        checkArray(operator, "gradient of the output", yGradient, x, geometry.outputShape());
        checkArray(operator, "gradient of the input", xGradient, x, geometry.inputShape());
        launch(operator.stem() + "_backward", geometry, x, yGradient, xGradient);
    }

    private static WindowGeometry geometry(PoolingOperator operator, PoolingWindow window, INDArray x) {
        checkPresent(operator, "window", window);
        checkPresent(operator, "input", x);
        if (!operator.dataTypes().contains(x.dataType())) {
            throw new IllegalArgumentException(operator.title() + ": type of the input must be one of "
                    + operator.dataTypes() + ", got " + x.dataType());
        }
        try {
            return WindowGeometry.of(window, x.shape());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(operator.title() + ": " + e.getMessage(), e);
        }
    }

    private static void checkArray(PoolingOperator operator, String name, INDArray array, INDArray x, long[] shape) {
        checkPresent(operator, name, array);
        if (array.dataType() != x.dataType()) {
            throw new IllegalArgumentException(
                    operator.title() + ": type of the " + name + " must be that of the input, "
                            + x.dataType() + ", got " + array.dataType());
        }
        if (!Arrays.equals(array.shape(), shape)) {
            throw new IllegalArgumentException(operator.title() + ": shape of the " + name + " must be "
                    + Arrays.toString(shape) + ", got " + Arrays.toString(array.shape()));
        }
    }

    private static void checkPresent(PoolingOperator operator, String name, Object argument) {
        if (argument == null) {
            throw new IllegalArgumentException(operator.title() + ": the " + name + " is missing (null)");
        }
    }

    private static void launch(String kernel, WindowGeometry geometry, INDArray... arrays) {
        long[] parameters = new long[WindowGeometry.words(arrays.length)];
        int next = geometry.writeTo(parameters, 0);
        for (INDArray array : arrays) {
            next = geometry.writeStridesTo(parameters, next, array.stride());
        }
        CpuKernels.launch(kernel, parameters, arrays);
    }
}
