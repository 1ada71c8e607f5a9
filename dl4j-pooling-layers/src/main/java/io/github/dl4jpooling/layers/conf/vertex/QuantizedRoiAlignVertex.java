// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.layers.impl.vertex.QuantizedRegionPooling;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.QuantizedRoiAlign;
import java.util.Objects;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The 8-bit form of RoIAlign, for inference: quantises its map, pools regions of 8-bit numbers and dequantises the
 * result, since DL4J's other vertices compute real numbers. Definition and edge cases: {@link QuantizedRoiAlign};
 * inputs: {@link RegionPoolingVertex}.
 *
 * <pre>{@code
 * Quantization q = Quantization.ofRange(DataType.UINT8, 0, 6);
 * .addVertex("regions", new QuantizedRoiAlignVertex(new RoiAlignVertex.Builder(7, 7).build(), q, q), "map", "boxes")
 * }</pre>
 *
 * <p>The quantizations usually come from a calibration, {@code QuantizedSwap} of the zoo. There is no gradient: train
 * {@link RoiAlignVertex}, behind a {@link io.github.dl4jpooling.layers.conf.FakeQuantizeLayer}.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PRIVATE)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class QuantizedRoiAlignVertex extends RoiAlignVertex {

    private Quantization input;
    private Quantization output;

    /**
     * Takes the settings of a float vertex.
     *
     * @param vertex the vertex whose 8-bit form it is to be
     * @param input quantization of the map
     * @param output quantization of the result, of the same type
     * @throws DL4JInvalidConfigException if the quantizations do not fit together
     */
    public QuantizedRoiAlignVertex(RoiAlignVertex vertex, Quantization input, Quantization output) {
        Objects.requireNonNull(vertex, "vertex");
        this.input = Objects.requireNonNull(input, "input");
        this.output = Objects.requireNonNull(output, "output");
        setRows(vertex.getRows());
        setColumns(vertex.getColumns());
        setSpatialScale(vertex.getSpatialScale());
        setChannelsLast(vertex.isChannelsLast());
        setBoxesPerImage(vertex.isBoxesPerImage());
        setSamplingRatio(vertex.getSamplingRatio());
        setMode(vertex.getMode());
        setAligned(vertex.isAligned());
        inputNames(); // checks the settings
    }

    @Override
    public QuantizedRoiAlign op() {
        return new QuantizedRoiAlign(grid(), getMode(), getSamplingRatio(), isAligned(), input, output);
    }

    @Override
    protected QuantizedRegionPooling instantiate(ComputationGraph graph, String name, int index, DataType networkType) {
        return new QuantizedRegionPooling(graph, name, index, this, networkType);
    }
}
