// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.layers.conf.DppPooling;
import io.github.dl4jpooling.ops.DetailPreserving;
import io.github.dl4jpooling.ops.InverseBilateralPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Inverse bilateral pooling: detail-preserving pooling with a smoothed map that other layers compute. Inputs are the
 * array to pool and the smoothed one, of the size of the result and with the same channels. Sequences, images, volumes.
 * Definition and edge cases: {@link InverseBilateralPool}.
 *
 * <p>Parameters: "alpha" and "lambda", one pair a channel, learned by the vertex, since DL4J has no arrays in a graph
 * that are the same for all examples. They start uniformly in +-1 / sqrt(C), as those of {@link DppPooling} do, which
 * is the simpler choice where the mean of the window or a learned 3x3 filter is smooth enough. How they learn: {@link
 * PoolingVertex}.
 *
 * <pre>{@code
 * .addLayer("smooth", new ConvolutionLayer.Builder(5, 5).stride(2, 2).convolutionMode(Same).nOut(C).build(), "x")
 * .addVertex("pool", new InverseBilateralVertex(PoolingWindow.builder(2, 2).stride(2, 2).build()), "x", "smooth")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class InverseBilateralVertex extends WindowPoolingVertex {

    private DetailPreserving.Variant variant = DetailPreserving.Variant.SYMMETRIC;
    private DetailPreserving.Normalisation normalisation = DetailPreserving.Normalisation.NONE;
    private double epsilon = new DetailPreserving().epsilon();

    /**
     * With the settings of the paper.
     *
     * @param window the window
     */
    public InverseBilateralVertex(PoolingWindow window) {
        this(window, new DetailPreserving());
    }

    /**
     * Chooses the settings.
     *
     * @param window the window
     * @param settings variant, normalisation, epsilon
     */
    public InverseBilateralVertex(PoolingWindow window, DetailPreserving settings) {
        super(window);
        variant = Objects.requireNonNull(settings, "settings").variant();
        normalisation = settings.normalisation();
        epsilon = settings.epsilon();
    }

    @Override
    public InverseBilateralPool op() {
        return new InverseBilateralPool(window(), new DetailPreserving(variant, normalisation, epsilon));
    }

    @Override
    protected List<String> inputNames() {
        return op().inputNames().subList(0, 2);
    }

    @Override
    protected long[][] furtherShapes(long... inputShape) {
        return new long[][] {op().geometry(inputShape).outputShape()};
    }

    @Override
    public Map<String, long[]> parameterShapes() {
        long[] shape = knownShape();
        long channels = shape[isChannelsLast() ? shape.length - 1 : 1];
        Map<String, long[]> shapes = new LinkedHashMap<>();
        op().inputNames().stream().skip(2).forEach(name -> shapes.put(name, new long[] {channels}));
        return shapes;
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        DppPooling.initializeExponent(parameter);
    }
}
