// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Mean and variance of each channel over several arrays, in double. */
final class ChannelMoments {
    /** Its logarithm is a number. */
    private static final double LEAST_VARIANCE = 1e-30;

    private final boolean channelsLast;
    private double count;
    private INDArray mean;
    private INDArray squares;

    /** The format applies to images. */
    ChannelMoments(CNN2DFormat format) {
        channelsLast = format == CNN2DFormat.NHWC;
    }

    /** Merges the moments of both, which unlike sums of squares loses no digits: Chan, Golub, LeVeque 1979. */
    void add(INDArray array) {
        INDArray x = array.castTo(DataType.DOUBLE);
        int channelAxis = channelsLast && x.rank() == 4 ? 3 : 1;
        int[] others = IntStream.range(0, x.rank()).filter(axis -> axis != channelAxis).toArray();
        long channels = x.size(channelAxis);
        double newCount = (double) x.length() / channels;
        INDArray newMean = x.mean(others).reshape(1, channels);
        INDArray newSquares = x.var(false, others).reshape(1, channels).muli(newCount);
        if (mean == null) {
            count = newCount;
            mean = newMean;
            squares = newSquares;
            return;
        }
        double total = count + newCount;
        INDArray difference = newMean.sub(mean);
        mean.addi(difference.mul(newCount / total));
        squares.addi(newSquares).addi(difference.mul(difference).muli(count * newCount / total));
        count = total;
    }

    boolean isEmpty() {
        return mean == null;
    }

    /** A row. */
    INDArray mean() {
        return mean;
    }

    /** A row: the population's. */
    INDArray variance() {
        return squares.div(count);
    }

    /** A row: logarithm to base 10 of the standard deviation. */
    INDArray logarithmOfDeviation() {
        return Transforms.log(Transforms.max(variance(), LEAST_VARIANCE), false).muli(0.5 / Math.log(10));
    }
}
