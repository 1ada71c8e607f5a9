// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.layers.impl.vertex.AdaUnpooling;
import io.github.dl4jpooling.ops.AdaUnpool;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Collections;
import java.util.Map;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Adaptive unpooling of images (adaUnPool): spreads each value over the window it stands for, with the weights that
 * {@link io.github.dl4jpooling.layers.conf.AdaPooling} gave to the elements of that window. Inputs: see {@link
 * UnpoolVertex}.
 *
 * <pre>
 * y_i = x_p (beta_p v_i + (1 - beta_p) w_i),   i in window p
 * v_i = exp(d_i) / sum_j exp(d_j),   d_i = 2 |m_i mean| / (m_i^2 + mean^2),   w_i = exp(m_i) / sum_j exp(m_j)
 * </pre>
 *
 * <p>x are the values, m the map, sums and means over the window. The weights are found anew from the map, for each
 * channel its own, so that the elements of a window add up to its value. Windows lie side by side and must fill the
 * map. beta, one a place of the values, is learned by this vertex: DL4J cannot share the beta of the pooling. It starts
 * at 0.5, is not kept within 0 and 1, and needs the network's input types; how it learns: {@link PoolingVertex}.
 *
 * <p>For decoders behind adaptive pooling. Behind maximum pooling take {@link MaxUnpoolVertex}; where the fine
 * structure of the map should not come through, plain enlargement. Gradients are exact for values, map and beta; for
 * the map at elements or means of 0, where d has a kink or a pole, they are 0 along d. The op, which takes weights from
 * anywhere and has no gradient for them: {@link AdaUnpool}.
 *
 * <pre>{@code
 * .addLayer("pool", new AdaPooling.Builder(2, 2).build(), "encoded")
 * .addLayer("deep", ..., "pool")                                          // as many channels, same size
 * .addVertex("unpool", new AdaUnpoolVertex(2, 2), "deep", "encoded")
 * }</pre>
 *
 * <p>Paper: A. Stergiou, R. Poppe: "AdaPool: exponential adaptive pooling for information-retaining downsampling", IEEE
 * TIP 2023.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class AdaUnpoolVertex extends UnpoolVertex {

    private double initialBeta = 0.5;

    /**
     * Starts with a beta of 0.5.
     *
     * @param kernelSize window size along height and width, which is also the distance between windows
     * @throws IllegalArgumentException if it is out of range
     */
    public AdaUnpoolVertex(int... kernelSize) {
        this(kernelSize, 0.5);
    }

    /**
     * Chooses the first beta.
     *
     * @param kernelSize window size along height and width, which is also the distance between windows
     * @param initialBeta first share of eDSCW, the weights v
     * @throws IllegalArgumentException if a setting is out of range
     */
    public AdaUnpoolVertex(int[] kernelSize, double initialBeta) {
        super(kernelSize);
        if (!Double.isFinite(initialBeta)) {
            throw new IllegalArgumentException("AdaUnpoolVertex: initialBeta must be finite, got " + initialBeta);
        }
        this.initialBeta = initialBeta;
        window();
    }

    @Override
    public PoolingWindow window() {
        return PoolingWindow.builder(getKernelSize())
                .stride(getKernelSize())
                .borderMode(BorderMode.STRICT)
                .channelsLast(isChannelsLast())
                .build();
    }

    @Override
    boolean hasParameters() {
        return true;
    }

    @Override
    public Map<String, long[]> parameterShapes() {
        int first = isChannelsLast() ? 1 : 2;
        return Collections.singletonMap("beta", new long[] {knownShape()[first], knownShape()[first + 1]});
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        parameter.assign(initialBeta);
    }

    @Override
    protected AdaUnpooling instantiate(ComputationGraph graph, String name, int index, DataType networkType) {
        return new AdaUnpooling(graph, name, index, this, networkType);
    }
}
