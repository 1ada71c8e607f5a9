// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * CBAM's spatial gate for images: every place times a factor between 0 and 1, the same for all channels, that a
 * convolution makes of the maxima and means over the channels.
 *
 * <pre>
 * s = sigmoid(norm(conv(channel pooling of x))),   y = s x
 * </pre>
 *
 * <p>Shows the network where to look; {@link ChannelGate} shows what to look at, {@link CbamPool} is both. The
 * convolution has an odd kernel, 7 in the paper, keeps the size (padding holds zeros) and has no bias. norm is batch
 * normalisation of its one channel: with the statistics of the batch in training, with given ones at inference;
 * variances are biased, plus 1e-5.
 *
 * <p>Inputs: input {@code [N,C,H,W]} or {@code [N,H,W,C]}, weights {@code [1,2,k,k]} for maximum and mean (see
 * {@link ChannelPool}), gain, shift, mean, variance {@code [1]}; exact gradients for all but mean and variance, which
 * training does not use. Output: shape of the input; in training a second one, "statistics" {@code [2,1]}: mean and
 * variance of the batch, by which running ones can be kept. Types float, double, half, bfloat16.
 *
 * <p>Paper: S. Woo, J. Park, J.-Y. Lee, I. S. Kweon: "CBAM: Convolutional Block Attention Module", ECCV 2018.
 */
public final class SpatialGate extends NormedGateOp {

    /** Kernel size of the paper. */
    public static final int KERNEL = 7;

    private static final int MOST_KERNEL = 99;

    /** For SameDiff, which fills in the arguments. */
    public SpatialGate() {}

    /**
     * With the kernel of the paper.
     *
     * @param channelsLast whether the channels are the last axis
     * @param phase training or inference
     */
    public SpatialGate(boolean channelsLast, TrainingPhase phase) {
        this(channelsLast, phase, KERNEL);
    }

    /**
     * Everything chosen.
     *
     * @param channelsLast whether the channels are the last axis
     * @param phase training or inference
     * @param kernel height and width of the convolution's kernel, odd, 99 at most
     */
    public SpatialGate(boolean channelsLast, TrainingPhase phase, int kernel) {
        super(channelsLast, options(Objects.requireNonNull(phase, "phase"), kernel));
    }

    /** @return height and width of the convolution's kernel */
    public int kernel() {
        int kernel = (int) option(1, "kernel", 1, MOST_KERNEL);
        if (kernel % 2 == 0) {
            throw error("kernel must be odd, got " + kernel);
        }
        return kernel;
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.SPATIAL_GATE;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        kernel();
    }

    @Override
    public List<String> inputNames() {
        return Arrays.asList("input", "weights", "gain", "shift", "mean", "variance");
    }

    @Override
    public int differentiableInputs() {
        return 4;
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        channels(inputShape);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("weights", new long[] {1, 2, kernel(), kernel()});
        for (String name : inputNames().subList(2, inputNames().size())) {
            shapes.put(name, new long[] {1});
        }
        return shapes;
    }

    @Override
    long[] statisticsShape(long... inputShape) {
        return new long[] {2, 1};
    }

    /** What is known after the forward pass. */
    private final class Gate {
        private final INDArray x;
        private final INDArray weights;
        private final Temporaries temporaries;
        private final INDArray pooled;
        private final Convolution convolution;
        private final BatchNorm norm;
        private final INDArray factors;

        Gate(INDArray x, List<INDArray> parameters, Temporaries temporaries) {
            this.x = x;
            this.temporaries = temporaries;
            weights = parameters.get(0);
            pooled = temporaries.create(x.dataType(), x.size(0), 2, x.size(2), x.size(3));
            new ChannelPool(false).execute(List.of(x), List.of(pooled));
            convolution = Convolution.keepingSize(kernel(), x.size(2), x.size(3));
            INDArray z = convolution.forward(pooled, weights, null, temporaries);
            norm = new BatchNorm(z, parameters.subList(1, 5), isTraining(), temporaries);
            factors = sigmoid(norm.forward(z, temporaries), temporaries);
        }

        void backward(INDArray gateGradient, List<INDArray> gradients) {
            INDArray g = norm.backward(sigmoidGradient(factors, gateGradient, temporaries), gradients.get(2),
                    gradients.get(3), temporaries);
            INDArray pooledGradient =
                    convolution.backward(pooled, weights, null, g, gradients.get(1), null, temporaries);
            INDArray part = temporaries.like(x);
            new ChannelPool(false).gradient().execute(List.of(x, pooledGradient), List.of(part));
            gradients.get(0).addi(part);
        }
    }

    @Override
    void forward(INDArray x, List<INDArray> parameters, List<INDArray> outputs, Temporaries temporaries) {
        Gate gate = new Gate(x, parameters, temporaries);
        multiply(x, gate.factors, outputs.get(0));
        if (isTraining()) {
            gate.norm.writeStatistics(outputs.get(1), 0);
        }
    }

    @Override
    void backward(INDArray x, List<INDArray> parameters, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries) {
        Gate gate = new Gate(x, parameters, temporaries);
        gate.backward(gateBackward(x, gate.factors, yGradient, gradients.get(0), temporaries), gradients);
    }
}
