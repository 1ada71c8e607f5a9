// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** The 8-bit forms of operators. */
public final class QuantizedForms {

    private QuantizedForms() {}

    /**
     * The 8-bit form of an operator: what {@link Quantize}, it and {@link Dequantize} compute one after the other is
     * what the operator computes, up to rounding.
     *
     * @param op the operator
     * @param input quantization of the input
     * @param output quantization of the output, of the same type
     * @return the 8-bit operator with the same configuration; nothing where the operator has no such form
     * @throws IllegalArgumentException if the quantizations do not fit together
     */
    public static Optional<PoolingOp> of(PoolingOp op, Quantization input, Quantization output) {
        Objects.requireNonNull(op, "op");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(output, "output");
        if (op instanceof AveragePool) {
            AveragePool average = (AveragePool) op;
            return Optional.of(average.divisor() != 0
                    ? new QuantizedAveragePool(average.window(), average.divisor(), input, output)
                    : new QuantizedAveragePool(average.window(), average.countsPadding(), input, output));
        }
        if (op instanceof MaxPool) {
            return Optional.of(new QuantizedMaxPool(((MaxPool) op).window(), input, output));
        }
        if (op instanceof SoftPool) {
            return Optional.of(new QuantizedSoftPool(((SoftPool) op).window(), input, output));
        }
        if (op instanceof AdaptivePool) {
            AdaptivePool adaptive = (AdaptivePool) op;
            int[] size = Arrays.stream(adaptive.outputSize()).mapToInt(Math::toIntExact).toArray();
            QuantizedAdaptivePool quantized = adaptive.isMaximum()
                    ? new QuantizedAdaptiveMaxPool(op.channelsLast(), input, output, size)
                    : new QuantizedAdaptiveAvgPool(op.channelsLast(), input, output, size);
            return Optional.of(adaptive.isMasked() ? quantized.withMask() : quantized);
        }
        if (op instanceof RoiAlign) {
            RoiAlign align = (RoiAlign) op;
            return Optional.of(new QuantizedRoiAlign(
                    align.grid(), align.mode(), align.samplingRatio(), align.aligned(), input, output));
        }
        return Optional.empty();
    }
}
