// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.quantization;

import io.github.dl4jpooling.ops.Quantization;
import java.util.Arrays;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Watches batches of examples and says what range of numbers 8 bits have to cover, for all channels together or for
 * each. What it has seen is in one array, so that it can be stored with a model: a row for each channel, in it the
 * number of batches, the least and the largest number, and for percentiles a histogram.
 *
 * <p>The histogram has bins of equal ratio, so that it needs no range beforehand: {@value #BINS_PER_OCTAVE} for each
 * factor of 2 from 2^{@value #LEAST_EXPONENT} to 2^{@value #LARGEST_EXPONENT}, for negative numbers, 0, and positive
 * ones. Within a bin numbers are taken as spread evenly. Numbers that are NaN or infinite do not count.
 */
public final class RangeObserver {

    /** Percentile where none is given. */
    public static final double DEFAULT_PERCENTILE = 99.99;

    /** Momentum where none is given: the share of a new batch. */
    public static final double DEFAULT_MOMENTUM = 0.1;

    private static final int BINS_PER_OCTAVE = 16;
    private static final int LEAST_EXPONENT = -24;
    private static final int LARGEST_EXPONENT = 16;
    private static final int SIDE = (LARGEST_EXPONENT - LEAST_EXPONENT) * BINS_PER_OCTAVE;
    private static final int BINS = 2 * SIDE + 1;

    private static final int BATCHES = 0;
    private static final int LEAST = 1;
    private static final int MOST = 2;
    private static final int HEAD = 3;
    private static final double LARGEST_PERCENTILE = 100;
    private static final double LEAST_PERCENTILE = 50;

    private final Calibration calibration;
    private final double momentum;
    private final double percentile;

    /**
     * @param calibration how the range follows
     * @param momentum share of a new batch in a moving average, above 0, up to 1
     * @param percentile share of the numbers, in percent, that lie below the range's end and above its begin; from 50
     * to
     *     100
     * @throws IllegalArgumentException if a number is out of range
     */
    public RangeObserver(Calibration calibration, double momentum, double percentile) {
        if (calibration == null) {
            throw new IllegalArgumentException(
                    "calibration must be one of " + Arrays.toString(Calibration.values()) + ", got null");
        }
        if (!(momentum > 0 && momentum <= 1)) {
            throw new IllegalArgumentException("momentum of a calibration must be above 0, up to 1, got " + momentum);
        }
        if (!(percentile >= LEAST_PERCENTILE && percentile <= LARGEST_PERCENTILE)) {
            throw new IllegalArgumentException("percentile of a calibration must be from " + LEAST_PERCENTILE + " to "
                    + LARGEST_PERCENTILE + ", got " + percentile);
        }
        this.calibration = calibration;
        this.momentum = momentum;
        this.percentile = percentile;
    }

    /**
     * Shape of the array that keeps what was seen.
     *
     * @param rows number of channels, or 1 for all together
     * @return the shape
     */
    public long[] stateShape(long rows) {
        return new long[] {rows, calibration == Calibration.PERCENTILE ? HEAD + BINS : HEAD};
    }

    /**
     * Takes a batch in.
     *
     * @param state what was seen before, zeros at first. Modified.
     * @param batch numbers of any shape; with as many channels as the state has rows, or any where it has one
     * @param channelAxis axis of the channels
     */
    public void observe(INDArray state, INDArray batch, int channelAxis) {
        Objects.requireNonNull(state, "state");
        if (Objects.requireNonNull(batch, "batch").isEmpty()) {
            return;
        }
        int rows = (int) state.size(0);
        for (int row = 0; row < rows; row++) {
            INDArray numbers = rows == 1 ? batch : batch.slice(row, channelAxis);
            observe(state, row, numbers.castTo(DataType.FLOAT).dup('c').data().asFloat());
        }
    }

    private void observe(INDArray state, int row, float... numbers) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        double[] bins = new double[calibration == Calibration.PERCENTILE ? BINS : 0];
        int count = 0;
        for (float x : numbers) {
            if (Float.isFinite(x)) {
                least = Math.min(least, x);
                most = Math.max(most, x);
                count++;
                if (bins.length > 0) {
                    bins[bin(x)]++;
                }
            }
        }
        if (count == 0) {
            return;
        }
        double batches = state.getDouble(row, BATCHES) + 1;
        double old = batches == 1 ? 0 : calibration == Calibration.MOVING_AVERAGE ? 1 - momentum : 1;
        if (batches == 1) {
            state.putScalar(row, LEAST, least);
            state.putScalar(row, MOST, most);
        } else if (calibration == Calibration.MOVING_AVERAGE) {
            state.putScalar(row, LEAST, old * state.getDouble(row, LEAST) + momentum * least);
            state.putScalar(row, MOST, old * state.getDouble(row, MOST) + momentum * most);
        } else {
            state.putScalar(row, LEAST, Math.min(state.getDouble(row, LEAST), least));
            state.putScalar(row, MOST, Math.max(state.getDouble(row, MOST), most));
        }
        for (int i = 0; i < bins.length; i++) { // mean share over the batches: counts would overflow half
            double share = state.getDouble(row, HEAD + i);
            state.putScalar(row, HEAD + i, share + (bins[i] / count - share) / batches);
        }
        state.putScalar(row, BATCHES, batches);
    }

    private static int bin(double x) {
        if (x == 0) {
            return SIDE;
        }
        double octaves = Math.log(Math.abs(x)) / Math.log(2) - LEAST_EXPONENT;
        int place = (int) Math.max(0, Math.min(SIDE - 1.0, Math.floor(octaves * BINS_PER_OCTAVE)));
        return x < 0 ? SIDE - 1 - place : SIDE + 1 + place;
    }

    /** Where a bin ends that is this many parts of bins away from 0. */
    private static double magnitude(double place) {
        return Math.pow(2, LEAST_EXPONENT + place / BINS_PER_OCTAVE);
    }

    /**
     * Whether anything was seen.
     *
     * @param state what was seen
     * @return false for zeros
     */
    public static boolean hasSeen(INDArray state) {
        return Objects.requireNonNull(state, "state").getDouble(0, BATCHES) > 0;
    }

    /**
     * The quantization that covers what was seen. Channels that have seen nothing get scale 1.
     *
     * @param state what was seen
     * @param type INT8 or UINT8
     * @return the quantization, per channel where the state has several rows
     */
    public Quantization quantization(INDArray state, DataType type) {
        int rows = (int) Objects.requireNonNull(state, "state").size(0);
        double[] least = new double[rows];
        double[] most = new double[rows];
        for (int row = 0; row < rows; row++) {
            least[row] = state.getDouble(row, LEAST);
            most[row] = state.getDouble(row, MOST);
            if (calibration == Calibration.PERCENTILE && state.getDouble(row, BATCHES) > 0) {
                double[] bins = state.getRow(row).castTo(DataType.DOUBLE).dup('c').data().asDouble();
                bins = Arrays.copyOfRange(bins, HEAD, bins.length);
                most[row] = Math.min(most[row], end(bins, false));
                least[row] = Math.max(Math.min(least[row], most[row]), end(bins, true));
            }
            least[row] = Math.min(least[row], most[row]); // rounding of a half
        }
        return Quantization.ofRanges(type, least, most);
    }

    /** The number beyond which the cut share lies, at the upper end or at the lower one. */
    private double end(double[] bins, boolean lower) {
        double total = Arrays.stream(bins).sum();
        double rest = total * (1 - percentile / LARGEST_PERCENTILE);
        for (int i = 0; i < bins.length; i++) {
            int at = lower ? i : bins.length - 1 - i;
            if (bins[at] > rest) {
                double part = rest / bins[at]; // of this bin, from the outside
                if (at == SIDE) {
                    return 0;
                }
                int outer = at < SIDE ? SIDE - at : at - SIDE; // its outer edge, in bins
                boolean inwards = lower == at < SIDE; // counting goes towards 0
                double place = inwards ? outer - part : outer - 1 + part;
                return at < SIDE ? -magnitude(place) : magnitude(place);
            }
            rest -= bins[at];
        }
        return 0;
    }

    /**
     * A fresh state outside of any workspace.
     *
     * @param rows number of channels, or 1 for all together
     * @return zeros
     */
    public INDArray newState(long rows) {
        return Nd4j.create(DataType.DOUBLE, stateShape(rows));
    }
}
