// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A pooling op on spike trains: maps of one or two spatial axes that change from step to step. A unit fires at a step
 * where its element is larger than 0, or NaN. The first option behind the window says where the axis of time is.
 */
public abstract class SpikingOp extends WindowedOp {

    private static final int MOST_OF_WINDOW = 1 << 20; // kernels copy what a window reaches, padding included

    private static final long MOST_STEPS = 1L << 24; // kernels count in float

    /** For SameDiff, which fills in the arguments. */
    SpikingOp() {}

    SpikingOp(PoolingWindow window, long... options) {
        super(window, options);
        checkOptions();
    }

    /** @return whether time is the first axis, before the examples; else it is the first of the map's axes */
    public final boolean isTimeFirst() {
        return flag(0, "timeFirst");
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        isTimeFirst();
        if (window().dimensions() > 2) {
            throw error("the window must have 1 or 2 dimensions, to which that of time is added, got " + window());
        }
        double extent = 1;
        for (int axis = 0; axis < window().dimensions(); axis++) {
            extent *= window().dilation()[axis] * (window().kernel()[axis] - 1.0) + 1;
        }
        if (extent > MOST_OF_WINDOW) {
            throw error("the window must extend over " + MOST_OF_WINDOW + " elements at most, got " + window());
        }
    }

    /** The window on maps with further axes in front, one of time at least, along which it has size 1. */
    private PoolingWindow windowBehind(int axes) {
        PoolingWindow window = window();
        return PoolingWindow.builder(join(axes, 1, window.kernel()))
                .stride(join(axes, 1, window.stride()))
                .padding(join(axes, 0, window.padding()))
                .dilation(join(axes, 1, window.dilation()))
                .borderMode(window.borderMode())
                .channelsLast(window.channelsLast())
                .build();
    }

    private static int[] join(int count, int first, int... others) {
        int[] result = new int[count + others.length];
        Arrays.fill(result, first);
        System.arraycopy(others, 0, result, count, others.length);
        return result;
    }

    /** Axes of an array of this op in the order batch, (channels,) time, spatial axes. */
    private int[] axesOfMap() {
        int[] axes = new int[window().dimensions() + 3];
        Arrays.setAll(axes, axis -> axis);
        if (isTimeFirst()) {
            int time = timeOfMap();
            System.arraycopy(axes, 1, axes, 0, time);
            axes[time] = 0;
        }
        return axes;
    }

    private INDArray map(INDArray array) {
        return isTimeFirst() ? array.permute(axesOfMap()) : array;
    }

    /**
     * Where the windows lie.
     *
     * @param inputShape shape of the spike trains
     * @return the geometry of maps whose first spatial axis is time
     * @throws IllegalArgumentException if rank or sizes do not fit
     */
    @Override
    public final WindowGeometry geometry(long... inputShape) {
        int[] axes = axesOfMap();
        String names = names(axes);
        if (inputShape.length != axes.length) {
            throw error("the input must have rank " + axes.length + " " + names + ", got shape "
                    + Arrays.toString(inputShape));
        }
        long[] shape = Arrays.stream(axes).mapToLong(axis -> inputShape[axis]).toArray();
        long steps = shape[timeOfMap()];
        if (steps < 1 || steps > MOST_STEPS) {
            throw error("there must be 1 to " + MOST_STEPS + " steps, got " + names + " = "
                    + Arrays.toString(inputShape));
        }
        return geometry(windowBehind(1), shape);
    }

    private String names(int... axes) {
        String spatial = window().dimensions() == 1 ? "W" : "HW";
        String map = channelsLast() ? "NT" + spatial + "C" : "NCT" + spatial;
        char[] names = new char[axes.length];
        for (int axis = 0; axis < axes.length; axis++) {
            names[axes[axis]] = map.charAt(axis);
        }
        return "[" + String.join(",", new String(names).split("")) + "]";
    }

    /** Shape of an array with a number for each window and step. */
    final long[] outputShape(INDArray input) {
        long[] map = geometry(input.shape()).outputShape();
        long[] shape = new long[map.length];
        int[] axes = axesOfMap();
        for (int axis = 0; axis < axes.length; axis++) {
            shape[axes[axis]] = map[axis];
        }
        return shape;
    }

    /** Shape of an array with a number for each window. */
    final long[] shapeWithoutTime(INDArray input) {
        long[] map = geometry(input.shape()).outputShape();
        int time = timeOfMap();
        long[] shape = new long[map.length - 1];
        System.arraycopy(map, 0, shape, 0, time);
        System.arraycopy(map, time + 1, shape, time, shape.length - time);
        return shape;
    }

    /**
     * Runs a kernel.
     *
     * @param kernel its name
     * @param inputShape shape of the spike trains
     * @param options numbers of the operator
     * @param outputs how many of the arrays, at the end, are outputs
     * @param arrays arrays of this op, of whatever order of axes; those without time too
     */
    final void launch(String kernel, long[] inputShape, long[] options, int outputs, INDArray... arrays) {
        long[] map = withHeight(geometry(inputShape).inputShape(), 1);
        WindowGeometry geometry = geometry(windowBehind(MapAxes.KERNEL_AXES - window().dimensions()), map);
        long[] parameters =
                new long[WindowGeometry.WORDS + options.length + arrays.length * WindowGeometry.STRIDE_WORDS];
        int next = geometry.writeTo(parameters, 0);
        System.arraycopy(options, 0, parameters, next, options.length);
        next += options.length;
        for (INDArray array : arrays) {
            next = geometry.writeStridesTo(parameters, next, strides(array));
        }
        Kernels.launch(kernel, parameters, outputs, arrays);
    }

    private long[] strides(INDArray array) {
        int[] axes = axesOfMap();
        long[] strides = array.stride();
        return array.rank() == axes.length
                ? withHeight(Arrays.stream(axes).mapToLong(axis -> strides[axis]).toArray(), 0)
                : withHeight(inserted(strides, timeOfMap(), 0), 0);
    }

    /** Kernels know maps with two axes behind time; where there is one, it is the width. */
    private long[] withHeight(long[] numbers, long height) {
        return window().dimensions() == 1 ? inserted(numbers, timeOfMap() + 1, height) : numbers;
    }

    private static long[] inserted(long[] numbers, int place, long number) {
        long[] result = new long[numbers.length + 1];
        System.arraycopy(numbers, 0, result, 0, place);
        result[place] = number;
        System.arraycopy(numbers, place, result, place + 1, numbers.length - place);
        return result;
    }

    private int timeOfMap() {
        return channelsLast() ? 1 : 2;
    }

    /**
     * Hands each gradient to the element that was chosen.
     *
     * @param index positions in the maps whose first axis is time. Not modified.
     * @param outputGradient gradient of the output. Not modified.
     * @param inputGradient an array of the input's shape. Modified.
     */
    final void routeGradients(INDArray input, INDArray index, INDArray outputGradient, INDArray inputGradient) {
        new MaxPool(windowBehind(1)).backward(
                Collections.singletonList(map(input)), Collections.singletonList(map(index)), map(outputGradient),
                Collections.singletonList(map(inputGradient)));
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return name.equals(outputNames().get(0)) || name.equals(inputNames().get(0)) ? type : DataType.INT64;
    }

    @Override
    public final List<String> inputNames() {
        return Collections.singletonList("input");
    }

    @Override
    public final Map<String, long[]> parameterShapes(long... inputShape) {
        return Collections.emptyMap();
    }

    @Override
    public final boolean hasParametersByChannel() {
        return false;
    }

    @Override
    public final boolean isWeight(String name) {
        return false;
    }
}
