// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.layers.impl.AttentionParameters;
import io.github.dl4jpooling.layers.impl.MapTypes;
import io.github.dl4jpooling.layers.impl.PoolingParameters;
import io.github.dl4jpooling.layers.impl.vertex.CrossAttentionPooling;
import io.github.dl4jpooling.ops.CrossAttentionPool;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Cross-modal attention pooling: two inputs, sequences, images or volumes of any width and length, each attend to the
 * other; the means of what they find are put one behind the other, as feed-forward output. Definition and edge cases:
 * {@link CrossAttentionPool}.
 *
 * <pre>{@code
 * .addVertex("pool", new CrossAttentionVertex(4, 16), "imageFeatures", "tokenFeatures")    // 2 times 4 heads of 16
 * }</pre>
 *
 * <p>DL4J's masks of both inputs leave positions out, as askers and as what is attended to. An example of which one
 * input is masked as a whole gives 0. The orders of axes are learnt from the network's input types, which must be set
 * and may differ. Weights start at Xavier's random values, biases at 0; how they learn: {@link PoolingVertex}.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class CrossAttentionVertex extends PoolingVertex {

    private int heads = 1;
    private int headSize = 1;

    /** What the network's input types say of each input. */
    private int[] dimensions;

    private long[] channels;
    private boolean[] channelsLast;

    /**
     * Chooses the heads.
     *
     * @param heads number of heads
     * @param headSize size of each
     * @throws IllegalArgumentException if a setting is out of range
     */
    public CrossAttentionVertex(int heads, int headSize) {
        this.heads = heads;
        this.headSize = headSize;
        op(new int[] {1, 1}, false, false);
    }

    private CrossAttentionPool op(int[] axes, boolean masked, boolean otherMasked) {
        return new CrossAttentionPool(axes[0], axes[1], false, heads, headSize, masked, otherMasked);
    }

    /**
     * The operator this vertex applies, to arrays with the channels second.
     *
     * @param masked whether there is a mask of the first input
     * @param otherMasked whether there is one of the second
     * @return the operator with its configuration
     */
    public CrossAttentionPool op(boolean masked, boolean otherMasked) {
        if (dimensions == null) {
            throw new DL4JInvalidConfigException(
                    "CrossAttentionVertex: the input types of the network must be set (setInputTypes)");
        }
        return op(dimensions, masked, otherMasked);
    }

    @Override
    protected List<String> inputNames() {
        return List.of("input", "other");
    }

    @Override
    protected void check() {
        boolean known = dimensions != null || channels != null || channelsLast != null;
        if (known && (dimensions == null || channels == null || channelsLast == null || dimensions.length != 2
                || channels.length != 2 || channelsLast.length != 2 || Math.min(channels[0], channels[1]) < 1)) {
            throw new IllegalArgumentException("dimensions, channels and channelsLast must have two values each, "
                    + "channels 1 at least, got " + Arrays.toString(dimensions) + ", " + Arrays.toString(channels)
                    + " and " + Arrays.toString(channelsLast));
        }
        op(known ? dimensions : new int[] {1, 1}, false, false);
        if (known) {
            PoolingParameters.count(parameterShapes());
        }
    }

    @Override
    public Map<String, long[]> parameterShapes() {
        return op(false, false).parameterShapes(channels);
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        AttentionParameters.initialize(op(false, false).isWeight(name), parameter, new WeightInitXavier());
    }

    @Override
    protected CrossAttentionPooling instantiate(
            ComputationGraph graph, String name, int index, DataType networkType) {
        return new CrossAttentionPooling(graph, name, index, this, networkType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) throws InvalidInputTypeException {
        checkCount(inputs);
        int[] axes = new int[inputs.length];
        long[] widths = new long[inputs.length];
        boolean[] last = new boolean[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            InputType.Type type = inputs[i].getType();
            axes[i] = Arrays.asList(InputType.Type.RNN, InputType.Type.CNN, InputType.Type.CNN3D).indexOf(type) + 1;
            if (axes[i] == 0) {
                throw inputError("takes sequences, images and volumes, got " + Arrays.toString(inputs));
            }
            last[i] = MapTypes.channelsLast(inputs[i], false);
            widths[i] = MapTypes.exampleShape(inputs[i], false)[1];
        }
        dimensions = axes;
        channels = widths;
        channelsLast = last;
        return InputType.feedForward(op(false, false).outputSize(channels));
    }
}
