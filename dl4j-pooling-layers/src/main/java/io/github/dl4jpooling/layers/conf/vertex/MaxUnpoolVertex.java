// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.layers.impl.vertex.MaxUnpooling;
import io.github.dl4jpooling.ops.MaxUnpool;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Maximum unpooling of images: puts each value back to where a maximum pooling found the largest element. Inputs: see
 * {@link UnpoolVertex}. The positions are found anew from the map, with the window given here, which must be that of
 * the pooling; its padding mode is DL4J's Truncate. Only the values get a gradient. Definition and edge cases: {@link
 * MaxUnpool}.
 *
 * <pre>{@code
 * .addLayer("pool", new MaxPooling.Builder(2, 2).build(), "encoded")
 * .addLayer("deep", ..., "pool")                                          // as many channels, same size
 * .addVertex("unpool", new MaxUnpoolVertex(2, 2), "deep", "encoded")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class MaxUnpoolVertex extends UnpoolVertex {

    private int[] stride;
    private int[] padding;

    /**
     * For windows side by side.
     *
     * @param kernelSize window size along height and width
     * @throws IllegalArgumentException if it is out of range
     */
    public MaxUnpoolVertex(int... kernelSize) {
        this(kernelSize, kernelSize, new int[] {0, 0}, false);
    }

    /**
     * Everything chosen.
     *
     * @param kernelSize window size along height and width
     * @param stride distance between windows along height and width
     * @param padding elements at both ends of height and width
     * @param channelsLast whether the data format is NHWC. A network's input types, where they are set, decide.
     * @throws IllegalArgumentException if a setting is out of range
     */
    public MaxUnpoolVertex(int[] kernelSize, int[] stride, int[] padding, boolean channelsLast) {
        super(kernelSize);
        this.stride = Objects.requireNonNull(stride, "stride").clone();
        this.padding = Objects.requireNonNull(padding, "padding").clone();
        setChannelsLast(channelsLast);
        window();
    }

    @Override
    public PoolingWindow window() {
        return PoolingWindow.builder(getKernelSize())
                .stride(stride)
                .padding(padding)
                .channelsLast(isChannelsLast())
                .build();
    }

    @Override
    protected MaxUnpooling instantiate(ComputationGraph graph, String name, int index, DataType networkType) {
        return new MaxUnpooling(graph, name, index, this, networkType);
    }
}
