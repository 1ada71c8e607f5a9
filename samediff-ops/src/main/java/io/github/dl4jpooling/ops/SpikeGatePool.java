// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gated pooling of spikes: at each step a window lets through the unit that has fired most often so far.
 *
 * <pre>
 * n_j(t) = |{s &lt;= t : x_j(s) &gt; 0}|,   M(t) = units j of the window with the largest n_j(t)
 * ARGMAX:       y(t) = x_j(t), j the first of M(t), row by row
 * ANY_MAXIMAL:  y(t) = max over j in M(t) of x_j(t)
 * </pre>
 *
 * <p>Maximum pooling of spiking networks that are made from ordinary ones, where the rate of a unit stands for its
 * activation: the two rules are those of snn_toolbox and of sinabs, and differ where several units have fired equally
 * often. Not the right choice where the time of a spike carries the information (see {@link FirstSpikePool}), nor for
 * few steps: the gate knows what a unit did, not what it will do.
 *
 * <p>Input {@code [T,N,C,H,W]} or, with time as the first axis of the map, {@code [N,C,T,H,W]}; with channels last
 * {@code [T,N,H,W,C]} or {@code [N,T,H,W,C]}; with a window of one dimension the same without H. Output of the same
 * order of axes with the numbers of windows for H and W; types float, double, half, bfloat16. Spikes are 1 and their
 * absence 0; other numbers larger than 0 are spikes too and pass as they are. Padding is not part of a window. A second
 * output "index", INT64, of the output's shape says which unit was let through: {@code (t * H + h) * W + w}, or -1 for
 * a window without elements, which gives 0. There may be up to 2^24 steps.
 *
 * <p>Straight-through gradient: that of y(t) goes to x_j(t) of the unit that was let through, whether it fired or not,
 * the first of several equal ones with ANY_MAXIMAL; counts and gates are taken as constants, which they are but for
 * jumps. A NaN fires, and stays ahead of all: from it on its window gives NaN.
 *
 * <p>B. Rueckauer, I.-A. Lungu, Y. Hu, M. Pfeiffer, S.-C. Liu: "Conversion of continuous-valued deep networks to
 * efficient event-driven networks for image classification", Frontiers in Neuroscience 2017.
 */
public final class SpikeGatePool extends SpikingOp {

    private static final String INDEX = "index";

    /** Which of the units that have fired most often is let through. */
    public enum Rule {
        /** The first one, row by row. */
        ARGMAX,
        /** Any one that fires. */
        ANY_MAXIMAL
    }

    /** For SameDiff, which fills in the arguments. */
    public SpikeGatePool() {}

    /**
     * Time as the first axis, the first unit let through.
     *
     * @param window the window, of one or two dimensions
     */
    public SpikeGatePool(PoolingWindow window) {
        this(window, true, Rule.ARGMAX);
    }

    /**
     * Chooses everything.
     *
     * @param window the window, of one or two dimensions
     * @param timeFirst whether time is the first axis of all; else it is the first axis of the map
     * @param rule which unit is let through
     */
    public SpikeGatePool(PoolingWindow window, boolean timeFirst, Rule rule) {
        super(window, options(timeFirst, Objects.requireNonNull(rule, "rule")));
    }

    /** @return which unit is let through */
    public Rule rule() {
        return option(1, Rule.class);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.SPIKE_GATE_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        rule();
    }

    @Override
    public List<String> outputNames() {
        return Arrays.asList("output", INDEX);
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        return Collections.nCopies(2, outputShape(inputs.get(0))).toArray(new long[0][]);
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        launch("spike_gate_pool_forward", inputs.get(0).shape(), options(rule()), 2, inputs.get(0), outputs.get(0),
                outputs.get(1));
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        routeGradients(inputs.get(0), saved.get(0), outputGradient, inputGradients.get(0));
    }
}
