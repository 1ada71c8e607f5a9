// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Sparse pooling: the maximum or the mean of the active elements of each window, and which windows have any.
 *
 * <pre>
 * A = {i : a_i != 0},   MAX: y = max_{i in A} x_i,   AVG: y = sum_{i in A} x_i / |A|,   y = 0 where A is empty
 * active = 1 where A is not empty, else 0
 * </pre>
 *
 * <p>For maps most of whose places hold nothing, such as point clouds, sweeps of a lidar, strokes or events on a grid:
 * {@link MaxPool} would let the zeros of empty places win against negative features, and {@link AveragePool} would fade
 * features with the emptiness around them. What stands at inactive places does not matter, not even a NaN. Feed the
 * second output to the next sparse pooling. Not the right choice for dense maps, where it does the same as the plain
 * operators, nor where hardly any place is active: the work is that of the whole map, and {@link SparseSitePool} pools
 * a list of sites in time proportional to their number.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank with
 * the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a window. A
 * second input "sites" of the same type has the input's shape with one channel; places where it is not 0 are active. A
 * second output "active" of that type has the output's shape with one channel, and holds 1 and 0.
 *
 * <p>MAX: the first maximum of the active elements, row by row, gets the whole gradient, and only a NaN at an active
 * place gives NaN. AVG: every active element gets 1 / |A|. The sites have no gradient. A NaN among the sites leaves
 * open whether the element takes part: y and "active" are NaN.
 *
 * <p>Sparse maximum pooling of B. Graham: "Spatially-sparse convolutional neural networks", 2014. Some libraries start
 * the maximum at 0, so that windows of negative features give 0, or hand the gradient to every element that equals the
 * maximum; this operator does neither.
 */
public final class SparsePool extends WindowOp {

    /** Name of the input that says which places are active. */
    public static final String SITES = "sites";

    /** Name of the output that says which windows have an active element. */
    public static final String ACTIVE = "active";

    /** What is taken of the active elements. */
    public enum Type {
        /** The largest one. */
        MAX,
        /** Their mean. */
        AVG
    }

    /** For SameDiff, which fills in the arguments. */
    public SparsePool() {}

    /**
     * Takes the maximum.
     *
     * @param window the window
     */
    public SparsePool(PoolingWindow window) {
        this(window, Type.MAX);
    }

    /**
     * Chooses what is taken.
     *
     * @param window the window
     * @param type maximum or mean
     */
    public SparsePool(PoolingWindow window, Type type) {
        super(window, options(Objects.requireNonNull(type, "type")));
    }

    /** @return what is taken of the active elements */
    public Type type() {
        return option(0, Type.class);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.SPARSE_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        type();
    }

    @Override
    public List<WindowInput> furtherInputs() {
        return List.of(WindowInput.sites(SITES));
    }

    @Override
    public List<String> outputNames() {
        return Arrays.asList("output", ACTIVE);
    }

    @Override
    protected String kernel(List<INDArray> inputs) {
        return type() == Type.MAX ? "sparse_max_pool" : "sparse_average_pool";
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        long[][] result = super.shapes(inputs);
        return new long[][] {result[0], geometry(inputs.get(0).shape()).outputShape(1)};
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        if (window().masked()) {
            withoutMask().forward(withoutMask(inputs), outputs);
            return;
        }
        super.forward(inputs, outputs.subList(0, 1));
        forward("active_windows", inputs.get(1), outputs.get(1));
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        if (window().masked()) {
            withoutMask().backward(withoutMask(inputs), saved, outputGradient, inputGradients);
            return;
        }
        super.backward(inputs, Collections.emptyList(), outputGradient, inputGradients);
    }

    private SparsePool withoutMask() {
        return new SparsePool(window().withoutMask(), type());
    }

    /** A masked step is one that is not active. */
    private static List<INDArray> withoutMask(List<INDArray> inputs) {
        INDArray sites = inputs.get(1);
        if (sites.isEmpty()) {
            return List.of(inputs.get(0), sites);
        }
        INDArray mask = inputs.get(2).dup('c').reshape(sites.shape());
        INDArray active = sites.ulike();
        Nd4j.exec(DynamicCustomOp.builder("select")
                .addInputs(mask.neq(0), sites, Nd4j.zeros(sites.dataType(), sites.shape()))
                .addOutputs(active)
                .build());
        return List.of(inputs.get(0), active);
    }

    /** With zeros for the sites: where another pooling makes them, SameDiff asks for a gradient. */
    @Override
    public List<SDVariable> doDiff(List<SDVariable> outputGradients) {
        List<SDVariable> gradients = new ArrayList<>(super.doDiff(outputGradients));
        gradients.add(sameDiff.zerosLike(arg(1)));
        return gradients;
    }
}
