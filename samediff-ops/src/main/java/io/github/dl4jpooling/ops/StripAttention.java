// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Strip attention of images: a gate between 0 and 1 for every element, made of the means of its row and its column.
 *
 * <pre>
 * h = norm1(conv 3x1 (mean of each row)),   v = norm2(conv 1x3 (mean of each column))
 * gate = sigmoid(conv 1x1 (relu(h + v)) + bias3)      h and v stand for all columns and rows
 * y = gate x,   or the gate alone
 * </pre>
 *
 * <p>Every place sees its whole row and column: context for scene parsing, above all for long and thin things. The
 * convolutions keep the size (padding holds zeros); norm is batch normalisation, with the statistics of the batch in
 * training, with given ones at inference; variances are biased, plus 1e-5. Without parameters see {@link StripPool}.
 *
 * <p>Inputs: input {@code [N,C,H,W]} or {@code [N,H,W,C]}; then with O output channels weights1 {@code [O,C,3,1]},
 * gain1, shift1 {@code [O]}, weights2 {@code [O,C,1,3]}, gain2, shift2, weights3 {@code [O,O,1,1]}, bias3, and mean1,
 * variance1, mean2, variance2, which training does not use and which have no gradient; all others have exact ones. With
 * the input times the gate O is C. Output {@code [N,O,H,W]} or {@code [N,H,W,O]}; in training a second one,
 * "statistics" {@code [4,O]}: mean1, variance1, mean2, variance2 of the batch. Types float, double, half, bfloat16.
 *
 * <p>Paper: Q. Hou, L. Zhang, M.-M. Cheng, J. Feng: "Strip Pooling: Rethinking Spatial Pooling for Scene Parsing",
 * CVPR 2020; its block of this name without the pyramid.
 */
public final class StripAttention extends NormedGateOp {

    private static final int MOST_CHANNELS = 1 << 20;
    private static final int STATISTICS = 4;
    private static final int GRADIENTS = 9;

    /** For SameDiff, which fills in the arguments. */
    public StripAttention() {}

    /**
     * The input times the gate.
     *
     * @param channelsLast whether the channels are the last axis
     * @param phase training or inference
     */
    public StripAttention(boolean channelsLast, TrainingPhase phase) {
        super(channelsLast, options(Objects.requireNonNull(phase, "phase"), 0));
    }

    /**
     * The gate alone.
     *
     * @param channelsLast whether the channels are the last axis
     * @param phase training or inference
     * @param gateChannels channels of the gate, at least 1
     */
    public StripAttention(boolean channelsLast, TrainingPhase phase, int gateChannels) {
        super(channelsLast, options(phase, positive(gateChannels)));
    }

    private static int positive(int gateChannels) {
        if (gateChannels < 1) {
            throw new IllegalArgumentException(PoolingOperator.STRIP_ATTENTION.title()
                    + ": gateChannels must be from 1 to " + MOST_CHANNELS + ", got " + gateChannels);
        }
        return gateChannels;
    }

    /** @return whether the result is the input times the gate, not the gate alone */
    public boolean appliesGate() {
        return option(1, "gateChannels", 0, MOST_CHANNELS) == 0;
    }

    private long gateChannels(long... inputShape) {
        long channels = channels(inputShape);
        return appliesGate() ? channels : option(1, "gateChannels", 1, MOST_CHANNELS);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.STRIP_ATTENTION;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        appliesGate();
    }

    @Override
    public List<String> inputNames() {
        return Arrays.asList("input", "weights1", "gain1", "shift1", "weights2", "gain2", "shift2", "weights3", "bias3",
                "mean1", "variance1", "mean2", "variance2");
    }

    @Override
    public int differentiableInputs() {
        return GRADIENTS;
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        long in = channels(inputShape);
        long out = gateChannels(inputShape);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (String name : inputNames().subList(1, inputNames().size())) {
            shapes.put(name, new long[] {out});
        }
        shapes.put("weights1", new long[] {out, in, 3, 1});
        shapes.put("weights2", new long[] {out, in, 1, 3});
        shapes.put("weights3", new long[] {out, out, 1, 1});
        return shapes;
    }

    @Override
    public long[] outputShape(long... inputShape) {
        long[] shape = inputShape.clone();
        shape[axes().channelAxis()] = gateChannels(inputShape);
        return shape;
    }

    @Override
    long[] statisticsShape(long... inputShape) {
        return new long[] {STATISTICS, gateChannels(inputShape)};
    }

    /** Means along one axis, convolved and normalised. */
    private final class Strip {
        private final INDArray weights;
        private final INDArray means;
        private final Convolution convolution;
        private final BatchNorm norm;
        private final INDArray result;

        /** first: place of the parameters; firstStatistics: of the given statistics. */
        Strip(INDArray x, StripPool.Strips strips, List<INDArray> parameters, int first, int firstStatistics,
                Temporaries temporaries) {
            boolean rows = strips == StripPool.Strips.HORIZONTAL;
            weights = parameters.get(first);
            means = temporaries.create(x.dataType(), x.size(0), x.size(1), rows ? x.size(2) : 1, rows ? 1 : x.size(3));
            new StripPool(false, LineOp.Type.AVG, strips).execute(List.of(x), List.of(means));
            convolution = Convolution.keepingSize(rows ? 3 : 1, rows ? 1 : 3, means.size(2), means.size(3));
            INDArray z = convolution.forward(means, weights, null, temporaries);
            norm = new BatchNorm(z, List.of(parameters.get(first + 1), parameters.get(first + 2),
                    parameters.get(firstStatistics), parameters.get(firstStatistics + 1)), isTraining(), temporaries);
            result = norm.forward(z, temporaries);
        }

        /** Adds to the gradient of the map and writes those of the parameters. */
        void backward(INDArray resultGradient, List<INDArray> gradients, int first, Temporaries temporaries) {
            INDArray g =
                    norm.backward(resultGradient, gradients.get(first + 1), gradients.get(first + 2), temporaries);
            INDArray meansGradient =
                    convolution.backward(means, weights, null, g, gradients.get(first), null, temporaries);
            INDArray x = gradients.get(0);
            double length = (double) x.size(2) * x.size(3) / means.size(2) / means.size(3);
            add(x, meansGradient.divi(length), x);
        }
    }

    /** What is known after the forward pass. */
    private final class Gate {
        private final List<INDArray> parameters;
        private final Temporaries temporaries;
        private final Strip rows;
        private final Strip columns;
        private final Convolution convolution;
        private final INDArray rectified;
        private final INDArray factors;

        Gate(INDArray x, List<INDArray> parameters, Temporaries temporaries) {
            this.parameters = parameters;
            this.temporaries = temporaries;
            rows = new Strip(x, StripPool.Strips.HORIZONTAL, parameters, 0, 8, temporaries);
            columns = new Strip(x, StripPool.Strips.VERTICAL, parameters, 3, 10, temporaries);
            rectified = temporaries.create(x.dataType(), x.size(0), rows.result.size(1), x.size(2), x.size(3));
            add(rows.result, columns.result, rectified);
            Transforms.relu(rectified, false);
            convolution = Convolution.keepingSize(1, x.size(2), x.size(3));
            INDArray z = convolution.forward(rectified, parameters.get(6), parameters.get(7), temporaries);
            factors = Transforms.sigmoid(z, false);
        }

        void backward(INDArray gateGradient, List<INDArray> gradients) {
            INDArray g = convolution.backward(rectified, parameters.get(6), parameters.get(7),
                    sigmoidGradient(factors, gateGradient, temporaries), gradients.get(7), gradients.get(8),
                    temporaries);
            g.muli(Transforms.sign(rectified, false));
            rows.backward(temporaries.add(g.sum(true, 3)), gradients, 1, temporaries);
            columns.backward(temporaries.add(g.sum(true, 2)), gradients, 4, temporaries);
        }
    }

    @Override
    void forward(INDArray x, List<INDArray> parameters, List<INDArray> outputs, Temporaries temporaries) {
        Gate gate = new Gate(x, parameters, temporaries);
        if (appliesGate()) {
            multiply(x, gate.factors, outputs.get(0));
        } else {
            outputs.get(0).assign(gate.factors);
        }
        if (isTraining()) {
            gate.rows.norm.writeStatistics(outputs.get(1), 0);
            gate.columns.norm.writeStatistics(outputs.get(1), 2);
        }
    }

    @Override
    void backward(INDArray x, List<INDArray> parameters, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries) {
        Gate gate = new Gate(x, parameters, temporaries);
        INDArray gateGradient;
        if (appliesGate()) {
            gateGradient = gateBackward(x, gate.factors, yGradient, gradients.get(0), temporaries);
        } else {
            gateGradient = temporaries.add(yGradient.dup('c'));
            gradients.get(0).assign(0);
        }
        gate.backward(gateGradient, gradients);
    }
}
