// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.layers.impl.MaxUnpooling;
import io.github.dl4jpooling.ops.MaxUnpool;
import io.github.dl4jpooling.ops.PoolingWindow;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Maximum unpooling of images: puts each value back to where a maximum pooling found the largest element. Inputs, in
 * this order: the values, and the map that was pooled, whose size the output gets. The positions are found anew from
 * the map, with the window given here, which must be that of the pooling; its padding mode is DL4J's Truncate. Only the
 * values get a gradient. Definition and edge cases: {@link MaxUnpool}.
 *
 * <pre>{@code
 * .addLayer("pool", new MaxPooling.Builder(2, 2).build(), "encoded")
 * .addLayer("deep", ..., "pool")                                          // as many channels, same size
 * .addVertex("unpool", new MaxUnpoolingVertex(2, 2), "deep", "encoded")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString
@EqualsAndHashCode(callSuper = false)
public class MaxUnpoolingVertex extends GraphVertex {

    private int[] kernelSize;
    private int[] stride;
    private int[] padding;
    private boolean channelsLast;

    /**
     * For windows side by side and NCHW.
     *
     * @param kernelSize window size along height and width
     */
    public MaxUnpoolingVertex(int... kernelSize) {
        this(kernelSize, kernelSize, new int[] {0, 0}, false);
    }

    /**
     * Everything chosen.
     *
     * @param kernelSize window size along height and width
     * @param stride distance between windows along height and width
     * @param padding elements at both ends of height and width
     * @param channelsLast whether the data format is NHWC
     * @throws IllegalArgumentException if a setting is out of range
     */
    public MaxUnpoolingVertex(int[] kernelSize, int[] stride, int[] padding, boolean channelsLast) {
        this.kernelSize = kernelSize.clone();
        this.stride = stride.clone();
        this.padding = padding.clone();
        this.channelsLast = channelsLast;
        if (window().dimensions() != 2) {
            throw new IllegalArgumentException(
                    "MaxUnpoolingVertex: kernelSize must have two numbers, got " + kernelSize.length);
        }
    }

    private PoolingWindow window() {
        return PoolingWindow.builder(kernelSize)
                .stride(stride)
                .padding(padding)
                .channelsLast(channelsLast)
                .build();
    }

    @Override
    public MaxUnpoolingVertex clone() {
        return new MaxUnpoolingVertex(kernelSize, stride, padding, channelsLast);
    }

    @Override
    public long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public int minVertexInputs() {
        return 2;
    }

    @Override
    public int maxVertexInputs() {
        return 2;
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray parameters,
            boolean initializeParameters,
            DataType networkType) {
        return new MaxUnpooling(graph, name, index, window(), networkType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        for (InputType input : inputs) {
            if (input.getType() != InputType.Type.CNN) {
                throw new InvalidInputTypeException("MaxUnpoolingVertex takes images, got " + input);
            }
        }
        InputType.InputTypeConvolutional values = (InputType.InputTypeConvolutional) inputs[0];
        InputType.InputTypeConvolutional map = (InputType.InputTypeConvolutional) inputs[1];
        CNN2DFormat format = channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
        if (map.getFormat() != format || values.getFormat() != format) {
            throw new InvalidInputTypeException("MaxUnpoolingVertex: the data format must be " + format + ", got "
                    + values.getFormat() + " and " + map.getFormat());
        }
        if (values.getChannels() != map.getChannels()) {
            throw new InvalidInputTypeException("MaxUnpoolingVertex: the values must have as many channels as the map, "
                    + map.getChannels() + ", got " + values.getChannels());
        }
        return map;
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputTypes) {
        return null;
    }
}
