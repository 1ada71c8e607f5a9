// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A pooling made of others, its parts: each an op with one input, the array to pool, and its own configuration. All
 * windows without parameters and masks may be parts, as well as adaptive and other poolings of whole maps, lines, and
 * combined poolings themselves. Not those that draw at random without a seed: gradients run parts a second time.
 *
 * <p>The parts stand in the op's arguments, so that they survive cloning and saving. Half and bfloat16 are converted to
 * float once, so that nothing in between is rounded.
 */
public abstract class CombinedOp extends PoolingOp {

    private static final int HEAD = 3; // of a part: name, number of whole, number of real options

    /** For SameDiff, which fills in the arguments. */
    CombinedOp() {}

    /** Starts with own options, which may differ in number, and parts. */
    CombinedOp(long[] options, List<? extends PoolingOp> parts) {
        super(wholeArguments(options, parts), realArguments(parts));
        checkOptions();
    }

    /** Number of own options, the options, number of parts, the parts. */
    private static long[] wholeArguments(long[] options, List<? extends PoolingOp> parts) {
        LongStream.Builder arguments = LongStream.builder();
        arguments.add(options.length);
        Arrays.stream(options).forEach(arguments::add);
        arguments.add(Objects.requireNonNull(parts, "parts").size());
        for (PoolingOp part : parts) {
            Objects.requireNonNull(part, "part");
            arguments.add(code(part.operator()));
            arguments.add(part.iArgs().length);
            arguments.add(part.tArgs().length);
            Arrays.stream(part.iArgs()).forEach(arguments::add);
        }
        return arguments.build().toArray();
    }

    private static double[] realArguments(List<? extends PoolingOp> parts) {
        return parts.stream().flatMapToDouble(part -> DoubleStream.of(part.tArgs())).toArray();
    }

    /** Stays the same when operators are added; Java defines the hash of a string. */
    private static long code(PoolingOperator operator) {
        return operator.opName().hashCode();
    }

    private PoolingOperator operatorOf(long code) {
        return Arrays.stream(PoolingOperator.values())
                .filter(operator -> code(operator) == code)
                .findFirst()
                .orElseThrow(() -> error("there is no operator of code " + code));
    }

    /** Number of own options. */
    final int optionCount() {
        return (int) super.option(0, "number of options", 0, iArgs().length - 1L);
    }

    @Override
    protected final long option(int index, String name, long least, long most) {
        if (index >= optionCount()) {
            throw error(name + " is missing");
        }
        return super.option(index + 1, name, least, most);
    }

    /** @return the parts, in order; copies */
    public final List<PoolingOp> parts() {
        long[] whole = iArgs();
        double[] real = tArgs();
        int next = optionCount() + 1;
        int nextReal = 0;
        long count = super.option(next++, "number of parts", 1, whole.length);
        List<PoolingOp> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int wholeCount = (int) super.option(next + 1, "length of a part", 0, whole.length - (long) next - HEAD);
            int realCount = (int) super.option(next + 2, "real options of a part", 0, real.length - (long) nextReal);
            PoolingOperator operator = operatorOf(whole[next]);
            next += HEAD;
            parts.add(configured(operator, Arrays.copyOfRange(whole, next, next + wholeCount),
                    Arrays.copyOfRange(real, nextReal, nextReal + realCount)));
            next += wholeCount;
            nextReal += realCount;
        }
        return parts;
    }

    /** What a part is called in errors, from 0. */
    abstract String partName(int part);

    @Override
    protected void checkOptions() {
        List<PoolingOp> parts = parts();
        boolean channelsLast = parts.get(0).channelsLast();
        for (int i = 0; i < parts.size(); i++) {
            PoolingOp part = parts.get(i);
            if (part.inputNames().size() != 1) {
                throw error(partName(i) + " must have no inputs besides the array to pool, got " + part
                        + " with inputs " + part.inputNames());
            }
            if (part.drawsAnew()) {
                throw error(partName(i) + " must not draw at random, except with a seed, got " + part);
            }
            if (part.channelsLast() != channelsLast) {
                throw error("all parts must have the channels in the same place; " + partName(0) + " has them "
                        + (channelsLast ? "last" : "first") + ", " + partName(i) + " not");
            }
        }
    }

    @Override
    public final boolean channelsLast() {
        return parts().get(0).channelsLast();
    }

    /** Axis of the channels of a map of that many axes. */
    final int channelAxis(int rank) {
        return channelsLast() ? rank - 1 : 1;
    }

    @Override
    public List<String> inputNames() {
        return Collections.singletonList("input");
    }

    @Override
    public int differentiableInputs() {
        return 1;
    }

    /** Shape of what a part makes of an array of the given shape. */
    final long[] outputShape(int part, PoolingOp op, DataType type, long... shape) {
        try {
            return op.outputShapes(List.of(shaped(type, shape))).get(0).getShape();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    operator().title() + ": " + partName(part) + ": " + e.getMessage(), e);
        }
    }

    /** An array for checks of shapes; all elements are the same place in memory. */
    private static INDArray shaped(DataType type, long... shape) {
        if (Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b) >= Long.MAX_VALUE) {
            throw new IllegalArgumentException("sizes are too large: " + Arrays.toString(shape));
        }
        return Arrays.stream(shape).anyMatch(size -> size == 0)
                ? Nd4j.create(type, shape)
                : Nd4j.create(Nd4j.create(type, 1).data(), shape, new long[shape.length], 0, 'c');
    }

    /**
     * Shape of the output.
     *
     * @param inputShape shape of the input
     * @return the shape
     * @throws IllegalArgumentException if rank or sizes do not fit
     */
    public final long[] outputShape(long... inputShape) {
        return outputShapes(DataType.FLOAT, inputShape)[0];
    }

    /** Shapes of all outputs. */
    abstract long[][] outputShapes(DataType type, long... inputShape);

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        return outputShapes(inputs.get(0).dataType(), inputs.get(0).shape());
    }

    /**
     * Computes the outputs.
     *
     * @param inputs the inputs, numbers float or double. Not modified.
     * @param outputs the outputs. Modified: every element is written.
     * @param temporaries for arrays in between
     */
    abstract void forward(List<INDArray> inputs, List<INDArray> outputs, Temporaries temporaries);

    /**
     * Computes the gradients.
     *
     * @param inputs the inputs, numbers float or double. Not modified.
     * @param saved outputs but the first. Not modified.
     * @param yGradient gradient of the output. Not modified.
     * @param gradients gradients of the inputs. Modified: every element is written.
     * @param temporaries for arrays in between
     */
    abstract void backward(List<INDArray> inputs, List<INDArray> saved, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries);

    @Override
    protected final void forward(List<INDArray> inputs, List<INDArray> outputs) {
        WideArrays.run(inputs, outputs, this::forward);
    }

    @Override
    protected final void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        WideArrays.runBackward(true, inputs, outputGradient, inputGradients,
                (wide, yGradient, gradients, temporaries) -> backward(wide, saved, yGradient, gradients, temporaries));
    }

    /** A part of an array along an axis, as a view. */
    static INDArray part(INDArray array, int axis, long begin, long size) {
        long[] shape = array.shape().clone();
        shape[axis] = size;
        return view(array, begin * array.stride(axis), shape, array.stride());
    }

    /** A view that begins some elements behind the first one. */
    static INDArray view(INDArray array, long begin, long[] shape, long[] strides) {
        return Nd4j.create(array.data(), shape, strides, array.offset() + begin, 'c');
    }
}
