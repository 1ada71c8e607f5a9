// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Deformable convolution of images (version 1; with a mask version 2): a convolution whose places are displaced by
 * given offsets, each with a factor if there is a mask.
 *
 * <pre>
 * y_o = b_o + sum_{c,k} w_ock m_k f_c(p_k + d_k)      c over the channels of o's group, k over the K = kH*kW places p_k
 * </pre>
 *
 * <p>f is the map between its elements, bilinearly, and 0 outside, as in {@link DeformableAveragePool}, which has the
 * same samples without weights. With offsets 0 and factors 1 this is a convolution with padding 0. {@link
 * DeformableBlockConvolution} brings a prediction of the offsets along. It pays where objects vary in shape and place;
 * it costs four elements read for each place and channel, and is several times slower than a convolution.
 *
 * <p>Inputs; maps channels first or last as the window says, weights as they are in both cases:
 *
 * <ul>
 *   <li>input {@code [N,C,H,W]};
 *   <li>offset {@code [N,2*G*K,oH,oW]} and, if modulated, mask {@code [N,G*K,oH,oW]} for G offset groups of C/G
 *       neighbouring channels, see {@link DeformableAveragePool};
 *   <li>weights {@code [O,C/g,kH,kW]} for g groups: group i of O/g outputs sees group i of C/g channels;
 *   <li>bias {@code [O]}, if there is one.
 * </ul>
 *
 * <p>Output {@code [N,O,oH,oW]}; types float, double, half, bfloat16. Places are computed in double.
 *
 * <p>All inputs have exact gradients; kinks, NaN and elements of weight 0 as in {@link DeformableAveragePool}. Results
 * do not depend on the number of threads. Samples are gathered tile by tile, never for a whole image.
 *
 * <p>Papers: J. Dai et al.: "Deformable Convolutional Networks", ICCV 2017; X. Zhu et al.: "Deformable ConvNets v2",
 * CVPR 2019.
 */
public final class DeformableConvolution extends WindowedOp {

    private static final int MOST_GROUPS = 1 << 20;
    private static final int MAPS = 7; // with strides of TensorStrides

    /** For SameDiff, which fills in the arguments. */
    public DeformableConvolution() {}

    /**
     * As many outputs as channels, one group, one offset group, no mask, no bias.
     *
     * @param window the window, of two dimensions
     */
    public DeformableConvolution(PoolingWindow window) {
        this(window, 0, 1, 1, false, false);
    }

    /**
     * Chooses everything.
     *
     * @param window the window, of two dimensions
     * @param outputs number of output channels; 0 for as many as the input has
     * @param groups number of groups of channels and outputs that belong together; must divide both numbers
     * @param offsetGroups number of groups of channels that have their own offsets; must divide the number of channels
     * @param modulated whether there is a mask
     * @param bias whether there is a bias
     */
    public DeformableConvolution(
            PoolingWindow window, long outputs, int groups, int offsetGroups, boolean modulated, boolean bias) {
        super(window, options(outputs, groups, offsetGroups, modulated, bias));
        checkOptions();
    }

    /** @return number of output channels; 0: as many as the input has */
    public long outputChannels() {
        return option(0, "outputs", 0, Integer.MAX_VALUE);
    }

    /** @return number of groups of channels and outputs */
    public int groups() {
        return (int) option(1, "groups", 1, MOST_GROUPS);
    }

    /** @return number of groups of channels with their own offsets */
    public int offsetGroups() {
        return (int) option(2, "offsetGroups", 1, MOST_GROUPS);
    }

    /** @return whether there is a mask */
    public boolean isModulated() {
        return flag(3, "modulated");
    }

    /** @return whether there is a bias */
    public boolean hasBias() {
        return flag(4, "bias");
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DEFORMABLE_CONVOLUTION;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        checkImages();
        outputChannels();
        groups();
        offsetGroups();
        isModulated();
        hasBias();
    }

    @Override
    public List<String> inputNames() {
        List<String> names = new ArrayList<>(Arrays.asList("input", "offset"));
        if (isModulated()) {
            names.add("mask");
        }
        names.add("weights");
        if (hasBias()) {
            names.add("bias");
        }
        return names;
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        throw error("offsets depend on the example and cannot be parameters");
    }

    @Override
    public boolean isWeight(String name) {
        return name.equals("weights");
    }

    /** Number of output channels for a map. */
    long outputChannels(WindowGeometry geometry) {
        return outputChannels() == 0 ? geometry.channels() : outputChannels();
    }

    /** Shape of the weights. */
    long[] weightShape(WindowGeometry geometry) {
        long channels = geometry.channels();
        long count = outputChannels(geometry);
        if (channels % groups() != 0 || count % groups() != 0) {
            throw error("the number of groups must divide those of channels and outputs, got " + groups() + " groups, "
                    + channels + " channels and " + count + " outputs");
        }
        int[] kernel = window().kernel();
        return new long[] {count, channels / groups(), kernel[0], kernel[1]};
    }

    private DeformableAveragePool places() {
        return new DeformableAveragePool(window(), offsetGroups(), isModulated(), true);
    }

    @Override
    public long[][] furtherShapes(long... inputShape) {
        WindowGeometry geometry = geometry(inputShape);
        List<long[]> shapes = new ArrayList<>(Arrays.asList(places().furtherShapes(inputShape)));
        shapes.add(weightShape(geometry));
        if (hasBias()) {
            shapes.add(new long[] {outputChannels(geometry)});
        }
        return shapes.toArray(new long[0][]);
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        WindowGeometry geometry = geometry(inputs.get(0).shape());
        if (geometry.channels() % offsetGroups() != 0) {
            throw error("the number of offset groups must divide that of channels, got " + offsetGroups()
                    + " groups and " + geometry.channels() + " channels");
        }
        long[][] further = furtherShapes(inputs.get(0).shape());
        for (int i = 0; i < further.length; i++) {
            checkShape(inputNames().get(i + 1), inputs.get(i + 1), further[i]);
        }
        return new long[][] {geometry.outputShape(outputChannels(geometry))};
    }

    /** Inputs, or their gradients, in the kernel's order: map, offset, mask, weights, bias. */
    private INDArray[] arranged(List<INDArray> arrays) {
        INDArray[] result = new INDArray[5];
        int next = 0;
        result[0] = arrays.get(next++);
        result[1] = arrays.get(next++);
        result[2] = isModulated() ? arrays.get(next++) : null;
        result[3] = arrays.get(next++);
        result[4] = hasBias() ? arrays.get(next) : null;
        return result;
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray[] in = arranged(inputs);
        INDArray y = outputs.get(0);
        Kernels.launch(operator().stem() + "_forward", parameters(in, y, new INDArray[5]), 1, in[0], in[1], in[2],
                in[3],
                in[4], y);
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        INDArray[] in = arranged(inputs);
        INDArray[] gradients = arranged(inputGradients);
        Kernels.launch(operator().stem() + "_backward", parameters(in, outputGradient, gradients), 5,
                backwardArrays(in, outputGradient, gradients));
    }

    private static INDArray[] backwardArrays(INDArray[] in, INDArray y, INDArray[] gradients) {
        return new INDArray[] {
            in[0], in[1], in[2], in[3], y, gradients[0], gradients[1], gradients[2], gradients[3], gradients[4]
        };
    }

    /** The native struct DeformableConvolutionParameters. */
    private long[] parameters(INDArray[] in, INDArray y, INDArray[] gradients) {
        WindowGeometry geometry = geometry(in[0].shape());
        long[] parameters = new long[WindowGeometry.WORDS + 2 + MAPS * WindowGeometry.STRIDE_WORDS + 2 + 4 + 4 + 2];
        int next = geometry.writeTo(parameters, 0);
        parameters[next++] = offsetGroups();
        parameters[next++] = 1;
        for (INDArray map : new INDArray[] {in[0], in[1], in[2], y, gradients[0], gradients[1], gradients[2]}) {
            if (map != null) {
                geometry.writeStridesTo(parameters, next, map.stride());
            }
            next += WindowGeometry.STRIDE_WORDS;
        }
        parameters[next++] = outputChannels(geometry);
        parameters[next++] = groups();
        for (INDArray weights : new INDArray[] {in[3], gradients[3]}) {
            if (weights != null) {
                System.arraycopy(weights.stride(), 0, parameters, next, 4);
            }
            next += 4;
        }
        parameters[next++] = in[4] == null ? 0 : ArrayMemory.stride(in[4], 0);
        parameters[next] = gradients[4] == null ? 0 : ArrayMemory.stride(gradients[4], 0);
        return parameters;
    }
}
