// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl.vertex;

import io.github.dl4jpooling.layers.conf.vertex.RegionPoolingVertex;
import io.github.dl4jpooling.layers.impl.Numbers;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Runs every vertex that a {@link RegionPoolingVertex} configures. */
public class RegionPooling extends PoolingGraphVertex<RegionPoolingVertex> {

    /**
     * Made by {@link RegionPoolingVertex#instantiate}.
     *
     * @param graph the network
     * @param name name of the vertex
     * @param index number of the vertex
     * @param configuration its configuration
     * @param dataType the network's type
     */
    public RegionPooling(
            ComputationGraph graph, String name, int index, RegionPoolingVertex configuration, DataType dataType) {
        super(graph, name, index, configuration, dataType);
    }

    /** The boxes of an image lie in the channels of offsets, masks and results; the op has them in the batch. */
    private INDArray regionsToBatch(INDArray array, long regions) {
        long[] shape = array.shape();
        if (!configuration().isChannelsLast()) {
            return array.reshape(shape[0] * regions, shape[1] / regions, shape[2], shape[3]);
        }
        long channels = shape[3] / regions;
        return array.reshape(shape[0], shape[1], shape[2], regions, channels)
                .permute(0, 3, 1, 2, 4)
                .dup('c')
                .reshape(shape[0] * regions, shape[1], shape[2], channels);
    }

    /** Shape of the output of the vertex for that of the op. */
    private long[] outputShape(long[] shape, long regions) {
        if (regions == 0) {
            return shape;
        }
        return configuration().isChannelsLast()
                ? new long[] {shape[0] / regions, shape[1], shape[2], shape[3] * regions}
                : new long[] {shape[0] / regions, shape[1] * regions, shape[2], shape[3]};
    }

    private INDArray regionsToChannels(INDArray array, long regions) {
        long[] shape = array.shape();
        long images = shape[0] / regions;
        if (!configuration().isChannelsLast()) {
            return array.reshape(images, regions * shape[1], shape[2], shape[3]);
        }
        return array.reshape(images, regions, shape[1], shape[2], shape[3])
                .permute(0, 2, 3, 1, 4)
                .dup('c')
                .reshape(images, shape[1], shape[2], regions * shape[3]);
    }

    /** Boxes of each image; 0 where the boxes say themselves what image they are of. */
    private long regionsOfAnImage(RegionOp op) {
        if (!configuration().isBoxesPerImage()) {
            return 0;
        }
        INDArray boxes = inputs[inputs.length - 1];
        int numbers = op.boxNumbers();
        long regions = boxes.rank() == 3 ? boxes.size(1) : boxes.rank() == 2 ? boxes.size(1) / numbers : 0;
        boolean fits = boxes.rank() == 3 ? boxes.size(2) == numbers : boxes.rank() == 2 && boxes.size(1) % numbers == 0;
        if (!fits || regions == 0 || boxes.size(0) != inputs[0].size(0)) {
            throw error("boxes of " + inputs[0].size(0) + " images must have shape [" + inputs[0].size(0) + ",K,"
                    + numbers
                    + "] or [" + inputs[0].size(0) + ",K*" + numbers + "], got " + Arrays.toString(boxes.shape()),
                    null);
        }
        return regions;
    }

    private INDArray opBoxes(RegionOp op, long regions) {
        INDArray boxes = inputs[inputs.length - 1];
        boxes = boxes.dataType() == DataType.DOUBLE ? boxes : Numbers.cast(boxes, DataType.FLOAT);
        if (regions == 0) {
            return boxes;
        }
        long images = boxes.size(0);
        int numbers = op.boxNumbers();
        INDArray result = Nd4j.createUninitialized(boxes.dataType(), images * regions, numbers + 1);
        result.get(NDArrayIndex.all(), NDArrayIndex.interval(1, numbers + 1))
                .assign(boxes.reshape(images * regions, numbers));
        for (long image = 0; image < images; image++) {
            result.get(NDArrayIndex.interval(image * regions, (image + 1) * regions), NDArrayIndex.point(0))
                    .assign(image);
        }
        return result;
    }

    private List<INDArray> opInputs(RegionOp op, long regions) {
        List<INDArray> arrays = new ArrayList<>();
        for (int i = 0; i < inputs.length - 1; i++) {
            INDArray array = Numbers.cast(inputs[i], dataType);
            boolean ofRegions = regions > 0 && i >= configuration().mapInputs();
            if (ofRegions
                    && (array.rank() != 4 || array.size(configuration().isChannelsLast() ? 3 : 1) % regions != 0)) {
                throw error("the " + op.inputNames().get(i) + " must have 4 axes, with a multiple of " + regions
                        + " channels, got shape " + Arrays.toString(array.shape()), null);
            }
            arrays.add(ofRegions ? regionsToBatch(array, regions) : array);
        }
        arrays.add(opBoxes(op, regions));
        return arrays;
    }

    /**
     * Applies the op.
     *
     * @param op the op
     * @param arguments its inputs, asked for where errors in them become those of the vertex
     * @param workspaceManager where the output is to lie, as an activation
     * @return the output
     */
    protected INDArray pool(RegionOp op, Supplier<List<INDArray>> arguments, LayerWorkspaceMgr workspaceManager) {
        return apply(op, arguments, workspaceManager);
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaceManager) {
        checkSet(canDoForward(), "forward");
        RegionOp op = configuration().op();
        long regions = regionsOfAnImage(op);
        INDArray y = pool(op, () -> opInputs(op, regions), workspaceManager);
        if (regions == 0) {
            return y;
        }
        return configuration().isChannelsLast()
                ? workspaceManager.leverageTo(ArrayType.ACTIVATIONS, regionsToChannels(y, regions))
                : regionsToChannels(y, regions);
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaceManager) {
        checkSet(canDoBackward(), "backward");
        RegionOp op = configuration().op();
        long regions = regionsOfAnImage(op);
        List<INDArray> arguments = opInputs(op, regions);
        List<INDArray> gradients = new ArrayList<>();
        INDArray[] results = new INDArray[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            results[i] = workspaceManager.create(ArrayType.ACTIVATION_GRAD, dataType, inputs[i].shape(), 'c');
            boolean same = i < configuration().mapInputs() || regions == 0 && i < inputs.length - 1;
            if (i < op.differentiableInputs()) {
                INDArray argument = arguments.get(i);
                gradients.add(same ? results[i] : Nd4j.createUninitialized(argument.dataType(), argument.shape(), 'c'));
            }
        }
        INDArray yGradient = epsilon(outputShape(op.outputShapes(arguments).get(0).getShape(), regions));
        applyGradient(op, arguments, regions == 0 ? yGradient : regionsToBatch(yGradient, regions), gradients);
        for (int i = configuration().mapInputs(); i < gradients.size(); i++) {
            if (gradients.get(i) != results[i]) {
                results[i].assign(toInput(op, i, gradients.get(i), regions));
            }
        }
        return new Pair<>(null, results);
    }

    private INDArray toInput(RegionOp op, int input, INDArray gradient, long regions) {
        if (input < inputs.length - 1) {
            return regionsToChannels(gradient, regions);
        }
        return regions == 0
                ? gradient
                : gradient.get(NDArrayIndex.all(), NDArrayIndex.interval(1, op.boxNumbers() + 1))
                        .dup('c')
                        .reshape(inputs[input].shape());
    }

    /** Masks say nothing about regions: none is passed on. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int minibatchSize) {
        return masks == null ? null : new Pair<>(null, state);
    }
}
