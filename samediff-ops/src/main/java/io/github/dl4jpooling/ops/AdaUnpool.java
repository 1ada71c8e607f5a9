// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Adaptive unpooling (Stergiou, Poppe, IEEE TIP 2023; adaUnPool): enlarges a map with the weights that adaptive pooling
 * gave to the elements.
 *
 * <pre>{@code y = area(beta x) * edscw + area((1 - beta) x) * em }</pre>
 *
 * <p>where area is adaptive average pooling to the size of the masks; for a whole factor it repeats elements.
 *
 * <p>For decoders behind adaptive pooling, to weigh what was pooled by how much it counted. Not the right choice
 * without the weights of the pooling: without them it is plain enlargement.
 *
 * <p>Inputs: "input" {@code [N,C,h,w]} (or channels last); "beta" {@code [h,w]}; "maskEdscw" and "maskEm"
 * {@code [N,H,W]}, cut to [0, 1], shared by the channels, not differentiable. Types float, double, half, bfloat16.
 * Output {@code [N,C,H,W]} (or channels last). H and W may be any size, also less than h and w. NaN spreads to what
 * depends on it.
 */
public final class AdaUnpool extends CellOp {

    /** For SameDiff, which fills in the arguments. */
    public AdaUnpool() {}

    /** @param channelsLast whether the channels of input and output are the last axis */
    public AdaUnpool(boolean channelsLast) {
        super(channelsLast);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.ADA_UNPOOL;
    }

    @Override
    protected int dimensions() {
        return 2;
    }

    @Override
    protected boolean isMaximum() {
        return false;
    }

    @Override
    public List<String> inputNames() {
        return Arrays.asList("input", "beta", "maskEdscw", "maskEm");
    }

    @Override
    public int differentiableInputs() {
        return 2;
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        INDArray input = inputs.get(0);
        checkShape("beta", inputs.get(1), spatialSizes(input.shape()));
        INDArray mask = inputs.get(2);
        if (mask.rank() != 3 || mask.size(0) != input.size(0) || mask.size(1) < 1 || mask.size(2) < 1) {
            throw error("shape of the maskEdscw must be [" + input.size(0) + ",H,W] with H and W at least 1, got "
                    + Arrays.toString(mask.shape()));
        }
        checkShape("maskEm", inputs.get(3), mask.shape());
        return new long[][] {axes().withSpatial(input.shape(), mask.size(1), mask.size(2))};
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray y = outputs.get(0);
        try (Plan plan = plan(inputs.get(0), y)) {
            Kernels.launch("ada_unpool_forward", parameters(inputs, plan, 0), 1, inputs.get(0), inputs.get(1),
                    inputs.get(2), inputs.get(3), plan.array(), y);
        }
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        INDArray inputGradient = inputGradients.get(0);
        INDArray betaGradient = inputGradients.get(1);
        try (Plan plan = plan(inputs.get(0), outputGradient)) {
            long[] parameters = parameters(inputs, plan, WindowGeometry.STRIDE_WORDS + 2);
            int next = axes().writeStrides(
                    parameters, parameters.length - WindowGeometry.STRIDE_WORDS - 2, inputGradient.stride());
            System.arraycopy(betaGradient.stride(), 0, parameters, next, 2);
            Kernels.launch("ada_unpool_backward", parameters, 2, inputs.get(0), inputs.get(1), inputs.get(2),
                    inputs.get(3), plan.array(), outputGradient, inputGradient, betaGradient);
        }
    }

    private Plan plan(INDArray input, INDArray output) {
        long[] n = axes().spatial(input.shape());
        long[] o = axes().spatial(output.shape());
        Level level = new Level(-1, o).add(AxisRanges.adaptive(n[0], o[0]), AxisRanges.adaptive(n[1], o[1]));
        return new Plan(Collections.singletonList(level), output, null);
    }

    /** The native struct AdaUnpoolParameters, and room behind it. */
    private long[] parameters(List<INDArray> inputs, Plan plan, int more) {
        long[] parameters = new long[CELL_PARAMETER_WORDS + 2 + 2 * 3 + more];
        int next = writeParameters(parameters, inputs.get(0), plan);
        for (INDArray array : inputs.subList(1, 4)) {
            System.arraycopy(array.stride(), 0, parameters, next, array.rank());
            next += array.rank();
        }
        return parameters;
    }
}
