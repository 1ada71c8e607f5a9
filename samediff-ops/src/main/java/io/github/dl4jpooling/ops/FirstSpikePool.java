// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * First-spike pooling: the first spike of a window passes, and inhibits all that follow.
 *
 * <pre>
 * t0 = first step at which a unit j of the window has x_j(t0) &gt; 0,   j0 = first such unit at t0, row by row
 * y(t0) = x_j0(t0),   y(t) = 0 for other t
 * </pre>
 *
 * <p>Maximum pooling of spiking networks that code by latency, in which the strongest unit is the one that fires first;
 * lateral inhibition lets a window fire once at most. Not the right choice where the rate of spikes carries the
 * information (see {@link SpikeGatePool}), nor for trains that go on for several stimuli.
 *
 * <p>Input {@code [T,N,C,H,W]} or, with time as the first axis of the map, {@code [N,C,T,H,W]}; with channels last
 * {@code [T,N,H,W,C]} or {@code [N,T,H,W,C]}; with a window of one dimension the same without H. Output of the same
 * order of axes with the numbers of windows for H and W; types float, double, half, bfloat16. Spikes are 1 and their
 * absence 0; other numbers larger than 0 are spikes too and pass as they are. Padding is not part of a window. Two
 * further outputs, INT64, of the output's shape without time: "firstTime", t0, and "winner", the position {@code h * W
 * + w} of j0; both -1 for a window that stays silent. There may be up to 2^24 steps.
 *
 * <p>Straight-through gradient: that of y(t0) goes to x_j0(t0), which decided; all other elements get 0, so that a
 * silent window gives none. Times and winners are taken as constants, which they are but for jumps. A NaN counts as a
 * spike, before others at the same step; behind the first spike nothing matters, not even a NaN.
 *
 * <p>S. R. Kheradpisheh, M. Ganjtabesh, S. J. Thorpe, T. Masquelier: "STDP-based spiking deep convolutional neural
 * networks for object recognition", Neural Networks 2018.
 */
public final class FirstSpikePool extends SpikingOp {

    /** For SameDiff, which fills in the arguments. */
    public FirstSpikePool() {}

    /**
     * Time as the first axis.
     *
     * @param window the window, of one or two dimensions
     */
    public FirstSpikePool(PoolingWindow window) {
        this(window, true);
    }

    /**
     * Chooses the axis of time.
     *
     * @param window the window, of one or two dimensions
     * @param timeFirst whether time is the first axis of all; else it is the first axis of the map
     */
    public FirstSpikePool(PoolingWindow window, boolean timeFirst) {
        super(window, options(timeFirst));
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.FIRST_SPIKE_POOL;
    }

    @Override
    public List<String> outputNames() {
        return Arrays.asList("output", "firstTime", "winner");
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        long[] windows = shapeWithoutTime(inputs.get(0));
        return new long[][] {outputShape(inputs.get(0)), windows, windows};
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray input = inputs.get(0);
        launch("first_spike_pool_forward", input.shape(), options(), 3, input, outputs.get(0), outputs.get(1),
                outputs.get(2));
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        launch("first_spike_pool_backward", inputs.get(0).shape(), options(), 1, outputGradient, saved.get(0),
                saved.get(1), inputGradients.get(0));
    }
}
