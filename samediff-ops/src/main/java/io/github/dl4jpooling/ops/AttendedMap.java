// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** One example of a map as a matrix of channels by positions, without the positions that a mask leaves out. */
final class AttendedMap {

    private final INDArray map;
    private final int number;
    private final boolean channelsLast;
    private final long positions; // of the map
    private final List<long[]> runs; // begin and end of positions that count
    private final long counted;

    /**
     * Looks at one example.
     *
     * @param map the map. Not modified.
     * @param mask one number for each example and position; null: all count. Not modified.
     * @param number of the example
     * @param channelsLast order of the map's axes
     */
    AttendedMap(INDArray map, INDArray mask, int number, boolean channelsLast) {
        this.map = map;
        this.number = number;
        this.channelsLast = channelsLast;
        positions = map.length() / map.size(0) / map.size(channelsLast ? map.rank() - 1 : 1);
        runs = mask == null
                ? List.of(new long[] {0, positions})
                : runs(copy(mask, number).castTo(DataType.DOUBLE).data().asDouble());
        counted = count(runs);
    }

    /** Whether an array begins its memory and has no gaps: ND4J takes some views of others for empty. */
    static boolean isPlain(INDArray array) {
        return array.offset() == 0 && Arrays.equals(array.stride(), ArrayUtil.calcStrides(array.shape()));
    }

    /** One example of a plain array; no copy. */
    static INDArray example(INDArray plain, int number) {
        return plain.get(NDArrayIndex.point(number));
    }

    /** A copy of one example of any array. */
    private static INDArray copy(INDArray array, int number) {
        return array.tensorAlongDimension(number, IntStream.range(1, array.rank()).toArray()).dup('c');
    }

    /** Begin and end of each run of steps that a mask does not leave out. */
    static List<long[]> runs(double[] mask) {
        List<long[]> runs = new ArrayList<>();
        int begin = -1; // of a run; -1: outside
        for (int i = 0; i <= mask.length; i++) {
            boolean counts = i < mask.length && mask[i] != 0;
            if (counts && begin < 0) {
                begin = i;
            } else if (!counts && begin >= 0) {
                runs.add(new long[] {begin, i});
                begin = -1;
            }
        }
        return runs;
    }

    /** Number of steps in runs. */
    static long count(List<long[]> runs) {
        return runs.stream().mapToLong(run -> run[1] - run[0]).sum();
    }

    boolean isEmpty() {
        return counted == 0;
    }

    /** A plain example as a matrix of channels by all positions; no copy. */
    private INDArray matrix(INDArray example) {
        long channels = example.length() / positions;
        return channelsLast
                ? example.reshape('c', positions, channels).transpose()
                : example.reshape('c', channels, positions);
    }

    private static INDArray columns(INDArray matrix, long begin, long end) {
        return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(begin, end));
    }

    /** Channels by positions that count: a view where the array allows it. */
    INDArray values(Temporaries temporaries) {
        INDArray matrix = matrix(isPlain(map) ? example(map, number) : temporaries.add(copy(map, number)));
        if (runs.size() == 1) {
            long[] run = runs.get(0);
            return counted == positions ? matrix : columns(matrix, run[0], run[1]);
        }
        INDArray values = temporaries.create(matrix.dataType(), matrix.size(0), counted);
        eachRun((begin, end, from, to) -> columns(values, from, to).assign(columns(matrix, begin, end)));
        return values;
    }

    /**
     * Writes the gradient of an example.
     *
     * @param gradient channels by positions that count. Not modified.
     * @param target the example's part of the gradient of the map, plain. Modified: 0 where positions do not
     *     count.
     */
    void writeGradient(INDArray gradient, INDArray target) {
        INDArray matrix = matrix(target);
        if (counted < positions) {
            matrix.assign(0);
        }
        eachRun((begin, end, from, to) -> columns(matrix, begin, end).assign(columns(gradient, from, to)));
    }

    /** Adds to the gradient of an example; what does not count stays. */
    void addGradient(INDArray gradient, INDArray target) {
        INDArray matrix = matrix(target);
        eachRun((begin, end, from, to) -> columns(matrix, begin, end).addi(columns(gradient, from, to)));
    }

    /** Positions of the map, and which they are among those that count. */
    private interface Run {
        void accept(long begin, long end, long from, long to);
    }

    private void eachRun(Run action) {
        long next = 0;
        for (long[] run : runs) {
            long end = next + run[1] - run[0];
            action.accept(run[0], run[1], next, end);
            next = end;
        }
    }
}
