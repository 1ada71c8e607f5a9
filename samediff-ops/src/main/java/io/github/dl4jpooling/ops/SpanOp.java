// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An op on sequences that pools spans: ranges of the steps in an order that depends on the example, as a mask or time
 * stamps say. All spans of an example are laid out first; the kernels then touch each step once for each span that
 * holds it.
 */
public abstract class SpanOp extends MapOp {

    /** Name of the input that says which steps take part. */
    public static final String MASK = "mask";

    /** Logarithms of the time constants, for ops that have them. */
    static final String LOG_TAU = "logTau";

    /** What becomes of the elements of a span. The order is stored in saved graphs: new ones go to the end. */
    public enum Kind {
        /** Their sum. */
        SUM,
        /** Their mean. */
        MEAN,
        /** The largest one: of equal ones the first; a NaN counts as larger than every number. */
        MAX
    }

    /** For SameDiff, which fills in the arguments. */
    protected SpanOp() {}

    /**
     * Starts with a configuration.
     *
     * @param channelsLast whether the channels are the last axis
     * @param options whole-number options
     */
    protected SpanOp(boolean channelsLast, long... options) {
        super(channelsLast, options);
    }

    /** @return what becomes of the elements of a span */
    public abstract Kind kind();

    /** @return whether there is a mask */
    public abstract boolean isMasked();

    /** 1 over the time constant of the weights; 0 for equal weights, or where an input says it. */
    abstract double rate();

    /** Whether elements weigh less with their age. */
    abstract boolean decays();

    /** Lays the spans out. */
    abstract Spans spans(List<INDArray> inputs);

    @Override
    protected final int dimensions() {
        return 1;
    }

    @Override
    public List<String> outputNames() {
        return kind() == Kind.MAX ? List.of("output", INDEX) : List.of("output");
    }

    /** An input by its name; null if the op has none of that name. */
    final INDArray input(String name, List<INDArray> inputs) {
        int place = inputNames().indexOf(name);
        return place < 0 ? null : inputs.get(place);
    }

    /** Shapes of the outputs, once all inputs have been checked. */
    final long[][] shapes(long[] inputShape, long windows, long moments) {
        checkSteps(spatialSizes(inputShape)[0]);
        long[] shape = axes().withSpatial(inputShape, moments);
        shape[axes().channelAxis()] *= windows;
        return kind() == Kind.MAX ? new long[][] {shape, shape} : new long[][] {shape};
    }

    /** Checks an input with one number for each step of each example. */
    final void checkOfSteps(String name, List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        INDArray array = input(name, inputs);
        if (array != null) {
            checkShape(name, array, x.size(0), x.size(axes().spatialAxis(0)));
        }
    }

    private SpanKernels kernels() {
        return new SpanKernels(axes(), kind(), decays(), rate());
    }

    @Override
    protected final void forward(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray x = inputs.get(0);
        if (!x.isEmpty()) {
            INDArray index = kind() == Kind.MAX ? outputs.get(1) : null;
            kernels().forward(x, input(LOG_TAU, inputs), spans(inputs), outputs.get(0), index);
        }
    }

    @Override
    protected final void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        INDArray x = inputs.get(0);
        INDArray tauGradient = inputGradients.size() > 1 ? inputGradients.get(1) : null;
        if (!x.isEmpty()) {
            kernels().backward(x, input(LOG_TAU, inputs), spans(inputs), saved.isEmpty() ? null : saved.get(0),
                    outputGradient, inputGradients.get(0), tauGradient);
        } else if (tauGradient != null) {
            tauGradient.assign(0);
        }
    }
}
