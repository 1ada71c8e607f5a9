// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.ops.Quantization;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** By how much results of a layer change with its 8-bit form, over all examples. */
final class QuantizationError {

    private final Quantization quantization;
    private double largest;
    private double sum;
    private double signal;
    private double noise;
    private long count;

    QuantizationError(Quantization quantization) {
        this.quantization = quantization;
    }

    void add(INDArray before, INDArray after, boolean channelsLast) {
        int channelAxis = channelsLast ? before.rank() - 1 : 1;
        int channels = quantization.channels();
        long slices = channels == 1 ? 1 : before.size(channelAxis); // boxes of an image are further channels
        for (int i = 0; i < slices; i++) {
            INDArray old = (channels == 1 ? before : before.slice(i, channelAxis)).castTo(DataType.DOUBLE);
            INDArray now = (channels == 1 ? after : after.slice(i, channelAxis)).castTo(DataType.DOUBLE);
            INDArray error = now.sub(old);
            double scale = quantization.scale(i % channels);
            double steps = error.amaxNumber().doubleValue() / scale;
            largest = Math.max(largest, steps);
            sum += error.norm1Number().doubleValue() / scale;
            signal += old.mul(old).sumNumber().doubleValue();
            noise += error.mul(error).sumNumber().doubleValue();
            count += old.length();
        }
    }

    /** Largest difference in steps of the quantization. */
    double largestSteps() {
        return largest;
    }

    /** Mean difference in steps. */
    double meanSteps() {
        return count == 0 ? 0 : sum / count;
    }

    /** Ratio of signal and quantisation noise, in dB. */
    double signalToNoise() {
        return 10 * Math.log10(signal / noise);
    }
}
