// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How 8-bit numbers stand for real ones: {@code x = scale (q - zeroPoint)}, as in ONNX, TensorFlow Lite and PyTorch.
 *
 * <p>The type is INT8 (q from -128 to 127) or UINT8 (0 to 255). Scale and zero point are one pair for the whole array
 * or one for each channel. The zero point is a number of the type, so that 0 is exact. Quantising takes the nearest
 * number, of two equally near the even one, and the end of the range for what lies outside it. Immutable.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
public final class Quantization implements Serializable {

    /** Numbers an 8-bit type has. */
    static final int CODES = 256;

    private static final long serialVersionUID = 1;

    private static final int SIGNED_LEAST = -128;
    private static final double LEAST_SCALE = 1e-30;
    private static final double LARGEST_SCALE = 1e30;

    private final DataType type;
    private final double[] scales;
    private final int[] zeroPoints;

    @JsonCreator
    private Quantization(
            @JsonProperty("type") DataType type,
            @JsonProperty("scales") double[] scales,
            @JsonProperty("zeroPoints") int[] zeroPoints) {
        if (type != DataType.INT8 && type != DataType.UINT8) {
            throw new IllegalArgumentException("type of a quantization must be INT8 or UINT8, got " + type);
        }
        if (scales == null || zeroPoints == null || scales.length == 0 || scales.length != zeroPoints.length) {
            throw new IllegalArgumentException(
                    "a quantization needs a zero point for each scale, and one at least, got "
                            + Arrays.toString(scales) + " and " + Arrays.toString(zeroPoints));
        }
        this.type = type;
        this.scales = scales.clone();
        this.zeroPoints = zeroPoints.clone();
        for (double scale : scales) {
            if (!(scale >= LEAST_SCALE && scale <= LARGEST_SCALE)) {
                throw new IllegalArgumentException("scale of a quantization must be from " + LEAST_SCALE + " to "
                        + LARGEST_SCALE + ", got " + scale);
            }
        }
        for (int zeroPoint : zeroPoints) {
            if (zeroPoint < least() || zeroPoint > most()) {
                throw new IllegalArgumentException(
                        "zero point of a quantization to " + type + " must be from " + least()
                                + " to " + most() + ", got " + zeroPoint);
            }
        }
    }

    /**
     * One scale and zero point for all channels.
     *
     * @param type INT8 or UINT8
     * @param scale size of a step, from 1e-30 to 1e30
     * @param zeroPoint the number that stands for 0
     * @return the quantization
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static Quantization of(DataType type, double scale, int zeroPoint) {
        return new Quantization(type, new double[] {scale}, new int[] {zeroPoint});
    }

    /**
     * A scale and a zero point for each channel.
     *
     * @param type INT8 or UINT8
     * @param scales sizes of a step, from 1e-30 to 1e30
     * @param zeroPoints the numbers that stand for 0, as many
     * @return the quantization
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static Quantization perChannel(DataType type, double[] scales, int[] zeroPoints) {
        return new Quantization(type, scales, zeroPoints);
    }

    /**
     * The quantization whose numbers cover a range. The range is widened to hold 0; where nothing is left, the scale is
     * 1.
     *
     * @param type INT8 or UINT8
     * @param least least number to cover, finite
     * @param most largest number to cover, finite and not less
     * @return the quantization
     * @throws IllegalArgumentException if this is no range
     */
    public static Quantization ofRange(DataType type, double least, double most) {
        return ofRanges(type, new double[] {least}, new double[] {most});
    }

    /**
     * The same for each channel.
     *
     * @param type INT8 or UINT8
     * @param least least number to cover in each channel
     * @param most largest number to cover in each channel
     * @return the quantization, per channel where there is more than one
     * @throws IllegalArgumentException if these are no ranges
     */
    public static Quantization ofRanges(DataType type, double[] least, double[] most) {
        if (Objects.requireNonNull(least, "least").length != Objects.requireNonNull(most, "most").length) {
            throw new IllegalArgumentException(
                    "as many least as largest numbers are needed, got " + least.length + " and " + most.length);
        }
        double[] scales = new double[least.length];
        int[] zeroPoints = new int[least.length];
        for (int c = 0; c < scales.length; c++) {
            if (!(Double.isFinite(least[c]) && Double.isFinite(most[c]) && least[c] <= most[c])) {
                throw new IllegalArgumentException("a range must be finite and in order, got " + least[c] + " to "
                        + most[c]);
            }
            double begin = Math.min(0, least[c]);
            double width = Math.max(0, most[c]) - begin;
            scales[c] = width == 0 ? 1 : Math.min(LARGEST_SCALE, Math.max(LEAST_SCALE, width / (CODES - 1)));
            int first = type == DataType.INT8 ? SIGNED_LEAST : 0;
            zeroPoints[c] = (int) Math.min(first + CODES - 1.0, Math.max(first, first + Math.rint(-begin / scales[c])));
        }
        return new Quantization(type, scales, zeroPoints);
    }

    /** @return INT8 or UINT8 */
    public DataType type() {
        return type;
    }

    /** @return whether each channel has a scale and zero point of its own */
    public boolean isPerChannel() {
        return scales.length > 1;
    }

    /** @return number of channels; 1 where they share scale and zero point */
    public int channels() {
        return scales.length;
    }

    /**
     * @param channel number of the channel; any where they share the scale
     * @return size of a step
     */
    public double scale(int channel) {
        return scales[isPerChannel() ? channel : 0];
    }

    /**
     * @param channel number of the channel; any where they share the zero point
     * @return the number that stands for 0
     */
    public int zeroPoint(int channel) {
        return zeroPoints[isPerChannel() ? channel : 0];
    }

    /** @return least number of the type */
    public int least() {
        return type == DataType.INT8 ? SIGNED_LEAST : 0;
    }

    /** @return largest number of the type */
    public int most() {
        return least() + CODES - 1;
    }

    /** The zero point as a number from 0 to 255, as kernels take it. */
    int zeroCode(int channel) {
        return zeroPoint(channel) - least();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quantization && ((Quantization) other).type == type
                && Arrays.equals(((Quantization) other).scales, scales)
                && Arrays.equals(((Quantization) other).zeroPoints, zeroPoints);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + Arrays.hashCode(scales)) + Arrays.hashCode(zeroPoints);
    }

    @Override
    public String toString() {
        return type + " scale " + (isPerChannel() ? Arrays.toString(scales) : scales[0]) + " zero point "
                + (isPerChannel() ? Arrays.toString(zeroPoints) : zeroPoints[0]);
    }
}
