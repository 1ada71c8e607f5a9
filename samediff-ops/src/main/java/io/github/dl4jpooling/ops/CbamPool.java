// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * CBAM, the convolutional block attention module, for images: a {@link ChannelGate} with means and maxima, then a
 * {@link SpatialGate}.
 *
 * <p>Refines the map that a block of a network is about to hand on: first which channels count, then which places. Does
 * not shrink it. {@link SePool} is the lighter choice where places do not matter.
 *
 * <p>Inputs: input {@code [N,C,H,W]} or {@code [N,H,W,C]}, those of the channel gate (weights1, bias1, weights2,
 * bias2), those of the spatial gate (weights3 {@code [1,2,k,k]}, gain, shift, mean, variance). All but mean and
 * variance have exact gradients. Output: shape of the input; in training a second one, "statistics" {@code [2,1]}, see
 * {@link SpatialGate}. Types float, double, half, bfloat16.
 *
 * <p>Paper: S. Woo, J. Park, J.-Y. Lee, I. S. Kweon: "CBAM: Convolutional Block Attention Module", ECCV 2018.
 */
public final class CbamPool extends NormedGateOp {

    private static final int REDUCTION = 16; // of the paper
    private static final int OF_CHANNEL_GATE = 4; // parameters

    /** For SameDiff, which fills in the arguments. */
    public CbamPool() {}

    /**
     * With the paper's reduction of 16 and kernel of 7.
     *
     * @param channelsLast whether the channels are the last axis
     * @param phase training or inference
     */
    public CbamPool(boolean channelsLast, TrainingPhase phase) {
        this(channelsLast, phase, REDUCTION, SpatialGate.KERNEL);
    }

    /**
     * Everything chosen.
     *
     * @param channelsLast whether the channels are the last axis
     * @param phase training or inference
     * @param reduction how many times as many channels as hidden units there are, at least 1
     * @param kernel height and width of the spatial gate's kernel, odd, 99 at most
     */
    public CbamPool(boolean channelsLast, TrainingPhase phase, int reduction, int kernel) {
        super(channelsLast, options(Objects.requireNonNull(phase, "phase"), reduction, kernel));
    }

    private ChannelGate channelGate() {
        return new ChannelGate((int) option(1, "reduction", 1, Integer.MAX_VALUE));
    }

    private SpatialGate spatialGate() {
        return new SpatialGate(
                false, isTraining() ? TrainingPhase.TRAINING : TrainingPhase.INFERENCE,
                (int) option(2, "kernel", 1, Integer.MAX_VALUE));
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.CBAM_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        channelGate();
        spatialGate();
    }

    @Override
    public List<String> inputNames() {
        return Arrays.asList("input", "weights1", "bias1", "weights2", "bias2", "weights3", "gain", "shift", "mean",
                "variance");
    }

    @Override
    public int differentiableInputs() {
        return inputNames().size() - 2;
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        long channels = channels(inputShape);
        long[] channelsFirst = {inputShape[0], channels, 1, 1}; // no parameter depends on the size
        Map<String, long[]> shapes = new LinkedHashMap<>(channelGate().parameterShapes(channelsFirst));
        spatialGate().parameterShapes(channelsFirst)
                .forEach((name, shape) -> shapes.put(name.replace("weights", "weights3"), shape));
        return shapes;
    }

    @Override
    long[] statisticsShape(long... inputShape) {
        return spatialGate().statisticsShape(inputShape);
    }

    private static List<INDArray> join(INDArray first, List<INDArray> others, INDArray... more) {
        List<INDArray> all = new ArrayList<>();
        all.add(first);
        all.addAll(others);
        all.addAll(Arrays.asList(more));
        return all;
    }

    private INDArray gated(INDArray x, List<INDArray> parameters, Temporaries temporaries) {
        INDArray gated = temporaries.like(x);
        channelGate().execute(join(x, parameters.subList(0, OF_CHANNEL_GATE)), List.of(gated));
        return gated;
    }

    @Override
    void forward(INDArray x, List<INDArray> parameters, List<INDArray> outputs, Temporaries temporaries) {
        INDArray gated = gated(x, parameters, temporaries);
        spatialGate().execute(
                join(gated, parameters.subList(OF_CHANNEL_GATE, parameters.size())), outputs);
    }

    @Override
    void backward(INDArray x, List<INDArray> parameters, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries) {
        INDArray gated = gated(x, parameters, temporaries);
        INDArray gatedGradient = temporaries.like(x);
        List<INDArray> spatial = join(gated, parameters.subList(OF_CHANNEL_GATE, parameters.size()));
        if (isTraining()) {
            spatial.add(temporaries.create(x.dataType(), statisticsShape(x.shape()))); // which its gradient makes anew
        }
        spatial.add(yGradient);
        spatialGate().gradient().execute(
                spatial, join(gatedGradient, gradients.subList(OF_CHANNEL_GATE + 1, gradients.size())));
        channelGate().gradient().execute(
                join(x, parameters.subList(0, OF_CHANNEL_GATE), gatedGradient),
                gradients.subList(0, OF_CHANNEL_GATE + 1));
    }
}
