// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Normalisation of every map of every example, with a gain and a shift for each channel, and a gate behind it: a
 * rectifier, or a sigmoid times a number. Maps are dense, {@code [N,C,H,W]}.
 */
final class InstanceNorm {

    static final double EPSILON = 1e-5;

    private final double scale; // of the sigmoid; 0 for a rectifier

    private InstanceNorm(double scale) {
        this.scale = scale;
    }

    static InstanceNorm rectified() {
        return new InstanceNorm(0);
    }

    static InstanceNorm sigmoid(double scale) {
        return new InstanceNorm(scale);
    }

    /** Returns a new array. */
    INDArray forward(INDArray z, INDArray gain, INDArray shift, Temporaries temporaries) {
        INDArray y = temporaries.like(z);
        Kernels.launch("instance_norm_forward", parameters(z, gain, shift, gain, shift), 1, z, gain, shift, y);
        return y;
    }

    /** Returns the gradient of z, a new array, and writes those of gain and shift. */
    INDArray backward(
            INDArray z,
            INDArray gain,
            INDArray shift,
            INDArray yGradient,
            INDArray gainGradient,
            INDArray shiftGradient,
            Temporaries temporaries) {
        INDArray zGradient = temporaries.like(z);
        Kernels.launch("instance_norm_backward", parameters(z, gain, shift, gainGradient, shiftGradient), 3,
                z, gain, shift, yGradient, zGradient, gainGradient, shiftGradient);
        return zGradient;
    }

    private long[] parameters(INDArray z, INDArray... vectors) {
        long[] parameters = new long[9];
        parameters[0] = z.size(0);
        parameters[1] = z.size(1);
        parameters[2] = z.size(2) * z.size(3);
        for (int i = 0; i < vectors.length; i++) {
            parameters[3 + i] = ArrayMemory.stride(vectors[i], 0);
        }
        parameters[7] = Double.doubleToRawLongBits(EPSILON);
        parameters[8] = Double.doubleToRawLongBits(scale);
        return parameters;
    }
}
