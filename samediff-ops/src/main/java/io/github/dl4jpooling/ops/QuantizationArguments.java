// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Quantizations of an op's input and output among its arguments: behind its own options the type, then for each
 * quantization the number of its channels and the zero points; behind its own real options the scales.
 */
final class QuantizationArguments {

    private static final List<DataType> TYPES = Arrays.asList(DataType.INT8, DataType.UINT8);
    private static final int MOST_CHANNELS = 1 << 24;

    /** Factors beyond it take any sum but 0 out of the range of 8 bits; kernels must not meet infinity. */
    private static final double LARGEST_FACTOR = 1e15;

    private QuantizationArguments() {}

    /** Options with quantizations behind them; all have the same type. */
    static long[] options(long[] own, Quantization... quantizations) {
        LongStream all = LongStream.concat(Arrays.stream(own), LongStream.of(
                TYPES.indexOf(checked(quantizations[0]).type())));
        for (Quantization q : quantizations) {
            if (checked(q).type() != quantizations[0].type()) {
                throw new IllegalArgumentException("input and output must have the same type, got "
                        + quantizations[0].type() + " and " + q.type());
            }
            LongStream zeros = LongStream.range(0, q.channels()).map(c -> q.zeroPoint((int) c));
            all = LongStream.concat(all, LongStream.concat(LongStream.of(q.channels()), zeros));
        }
        return all.toArray();
    }

    /** Real options with the scales behind them. */
    static double[] realOptions(double[] own, Quantization... quantizations) {
        DoubleStream all = Arrays.stream(own);
        for (Quantization q : quantizations) {
            all = DoubleStream.concat(all, LongStream.range(0, q.channels()).mapToDouble(c -> q.scale((int) c)));
        }
        return all.toArray();
    }

    private static Quantization checked(Quantization quantization) {
        return Objects.requireNonNull(quantization, "quantization");
    }

    /**
     * Reads quantizations.
     *
     * @param op the op, for its options
     * @param option place of the first one's type among its options
     * @param realOption place of the first scale among the real options
     * @param count how many
     */
    static Quantization[] read(PoolingOp op, int option, int realOption, int count) {
        DataType type = TYPES.get((int) op.option(option, "type", 0, 1));
        Quantization[] quantizations = new Quantization[count];
        int next = option + 1;
        int nextScale = realOption;
        for (int i = 0; i < count; i++) {
            int channels = (int) op.option(next++, "number of scales", 1, MOST_CHANNELS);
            double[] scales = new double[Math.min(channels, op.tArgs().length + 1)];
            int[] zeroPoints = new int[scales.length];
            for (int c = 0; c < scales.length; c++) {
                scales[c] = op.realOption(nextScale++, "scale", Double.MIN_VALUE, Double.MAX_VALUE);
                zeroPoints[c] = (int) op.option(next++, "zero point", -Quantization.CODES, Quantization.CODES);
            }
            try {
                quantizations[i] = Quantization.perChannel(type, scales, zeroPoints);
            } catch (IllegalArgumentException e) {
                throw op.error(e.getMessage());
            }
        }
        return quantizations;
    }

    /** Checks an input of 8 bits. */
    static void check(PoolingOp op, INDArray input, int channelAxis, Quantization... quantizations) {
        if (input.dataType() != quantizations[0].type()) {
            throw op.error("type of the " + op.inputNames().get(0) + " must be " + quantizations[0].type()
                    + ", as its quantization has it, got " + input.dataType());
        }
        checkChannels(op, input.size(channelAxis), quantizations);
    }

    static void checkChannels(PoolingOp op, long channels, Quantization... quantizations) {
        for (Quantization q : quantizations) {
            if (q.isPerChannel() && q.channels() != channels) {
                throw op.error("the " + op.inputNames().get(0) + " has " + channels + " channels, its quantization "
                        + q.channels());
            }
        }
    }

    /** How far a kernel steps from channel to channel: 0 where all share their numbers. */
    static long channelStep(Quantization... quantizations) {
        return Arrays.stream(quantizations).anyMatch(Quantization::isPerChannel) ? 1 : 0;
    }

    /** The native structs PoolGrids; to be closed. */
    static INDArray poolGrids(Quantization input, Quantization output) {
        return records(Math.max(input.channels(), output.channels()), c -> new double[] {
            input.scale(c), input.zeroCode(c), Math.min(LARGEST_FACTOR, input.scale(c) / output.scale(c)),
            output.zeroCode(c)});
    }

    /** The native structs GridRecord; to be closed. */
    static INDArray grids(Quantization quantization) {
        return records(quantization.channels(),
                c -> new double[] {quantization.scale(c), quantization.zeroCode(c)});
    }

    @SuppressWarnings("try") // closing is all that the resource is for
    private static INDArray records(int count, IntFunction<double[]> record) {
        double[] all = new double[count * record.apply(0).length];
        for (int c = 0; c < count; c++) {
            double[] numbers = record.apply(c);
            System.arraycopy(numbers, 0, all, c * numbers.length, numbers.length);
        }
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.createFromArray(all);
        }
    }

    /**
     * Runs a kernel of quantized_pool.h.
     *
     * @param kernel its name
     * @param geometry the struct WindowGeometry
     * @param rule divisor rule and divisor
     * @param axes order of the axes of both maps
     * @param mask which steps of sequences count, {@code [batch, steps]}; null for all
     */
    static void pool(String kernel, long[] geometry, long[] rule, MapAxes axes, INDArray x, INDArray mask, INDArray y,
            Quantization... quantizations) {
        int header = WindowGeometry.WORDS + 4;
        long[] words = Arrays.copyOf(geometry, header + 2 * WindowGeometry.STRIDE_WORDS + 2);
        int next = WindowGeometry.WORDS;
        words[next++] = channelStep(quantizations);
        words[next++] = quantizations[0].equals(quantizations[1]) ? 1 : 0;
        words[next++] = rule[0];
        words[next++] = rule[1];
        next = axes.writeStrides(words, next, x.stride());
        next = axes.writeStrides(words, next, y.stride());
        try (INDArray grids = poolGrids(quantizations[0], quantizations[1])) {
            if (mask == null) {
                Kernels.launch(kernel, words, 1, x, grids, y);
            } else {
                words[next++] = ArrayMemory.stride(mask, 0);
                words[next] = ArrayMemory.stride(mask, 1);
                Kernels.launch(kernel + "_masked", words, 1, x, grids, mask, y);
            }
        }
    }
}
