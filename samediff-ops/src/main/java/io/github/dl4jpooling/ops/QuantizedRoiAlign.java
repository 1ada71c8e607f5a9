// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * 8-bit RoIAlign: mean, or maximum, of samples spread evenly over each cell of a region of a map of quantised numbers.
 *
 * <p>Places and weights of the samples are those of {@link RoiAlign}, computed in double; sums are float, and the
 * result is rescaled and rounded once: it is the quantised result of {@link RoiAlign} for the dequantised map, or its
 * neighbour where that lies half-way between the two. What lies outside the map is 0, not the zero point's number of
 * steps. For inference of quantised networks; there is no gradient.
 *
 * <p>Inputs: a map {@code [N,C,H,W]} (channels last: {@code [N,H,W,C]}) of type INT8 or UINT8 with a {@link
 * Quantization}, of one scale or one a channel, and boxes {@code [K,5]} as of {@link RegionOp}, float or double.
 * Output: {@code [K,C,rows,columns]} of the map's type.
 */
public final class QuantizedRoiAlign extends SampledRegionOp {

    private static final int OWN_OPTIONS = 3;

    /** For SameDiff, which fills in the arguments. */
    public QuantizedRoiAlign() {}

    /**
     * Mean, samplingRatio 0, aligned; keeps the quantization.
     *
     * @param grid the grid
     * @param quantization of map and result
     */
    public QuantizedRoiAlign(RegionGrid grid, Quantization quantization) {
        this(grid, RoiAlign.Mode.AVERAGE, 0, true, quantization, quantization);
    }

    /**
     * @param grid the grid
     * @param mode what is taken of the samples
     * @param samplingRatio samples of a cell along each axis, up to 128; 0: about one an element
     * @param aligned whether coordinates name positions between elements rather than elements
     * @param input quantization of the map
     * @param output quantization of the result, of the same type
     */
    public QuantizedRoiAlign(RegionGrid grid, RoiAlign.Mode mode, int samplingRatio, boolean aligned,
            Quantization input, Quantization output) {
        super(grid,
                QuantizationArguments.options(options(samplingRatio, aligned, Objects.requireNonNull(mode, "mode")),
                        input, output),
                QuantizationArguments.realOptions(new double[0], input, output));
    }

    /** @return whether coordinates name positions between elements */
    public boolean aligned() {
        return flag(1, "aligned");
    }

    /** @return what is taken of the samples */
    public RoiAlign.Mode mode() {
        return option(2, RoiAlign.Mode.class);
    }

    private Quantization[] quantizations() {
        return QuantizationArguments.read(this, OWN_OPTIONS, 1, 2); // the first real option is the grid's
    }

    /** @return quantization of the map */
    public Quantization inputQuantization() {
        return quantizations()[0];
    }

    /** @return quantization of the result */
    public Quantization outputQuantization() {
        return quantizations()[1];
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        aligned();
        mode();
        quantizations();
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.QUANTIZED_ROI_ALIGN;
    }

    @Override
    public int differentiableInputs() {
        return 0;
    }

    @Override
    protected List<DataType> typesOf(String name, DataType type) {
        return name.equals(BOXES) ? List.of(DataType.FLOAT, DataType.DOUBLE) : Collections.singletonList(type);
    }

    @Override
    protected void checkFurtherInputs(List<INDArray> inputs, long[] map, long boxes) {
        QuantizationArguments.check(this, inputs.get(0), channelsLast() ? 3 : 1, quantizations());
    }

    @Override
    protected String kernel() {
        return mode() == RoiAlign.Mode.MAXIMUM ? "quantized_roi_align_max" : "quantized_roi_align";
    }

    @Override
    protected long[] kernelOptions() {
        return options(samplingRatio(), aligned(), QuantizationArguments.channelStep(quantizations()));
    }

    @Override
    INDArray numbers() {
        Quantization[] q = quantizations();
        return QuantizationArguments.poolGrids(q[0], q[1]);
    }
}
