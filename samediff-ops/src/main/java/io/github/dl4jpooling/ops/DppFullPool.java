// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Detail-preserving pooling (DPP) of images, full: a mean in which elements weigh more the further they are from a
 * smoothed map that a learned filter makes, {@code y = sum_i w_i x_i / sum_i w_i}.
 *
 * <pre>
 * w_i = exp(alpha) + (s_i / n)^(exp(lambda) / 2),   s_i = z_i^2 + epsilon,   z_i = x_i - t, or max(0, x_i - t)
 * t = filter * x + bias
 * </pre>
 *
 * <p>The filter, 3x3 for each channel and not normalised, goes over the map with stride 2 and a padding of zeros
 * around it, so that its centre is the upper left element of each window; windows are 2x2 with stride 2, as in the
 * paper. What stands below and to the right of the last window is seen by the filter only. The rest is that of
 * {@link DppPool}, which takes the mean of the window for t, has no filter to learn and takes any window.
 *
 * <p>Inputs: input {@code [N,C,H,W]} or {@code [N,H,W,C]}, alpha and lambda {@code [C]}, filter {@code [C,3,3]}, bias
 * {@code [C]}; all have exact gradients. Output {@code [N,C,oH,oW]} or {@code [N,oH,oW,C]}; types float, double, half,
 * bfloat16. A window that holds a NaN or has one in its surroundings gives NaN; differences whose square is beyond the
 * largest number of the type do as well. Results do not depend on the number of threads.
 *
 * <p>Paper: F. Saeedan, N. Weber, M. Goesele, S. Roth: "Detail-preserving pooling in deep networks", CVPR 2018.
 */
public final class DppFullPool extends CompositeOp {

    /** For SameDiff, which fills in the arguments. */
    public DppFullPool() {}

    /**
     * With the settings of the paper.
     *
     * @param window the window: 2x2, stride 2, no padding, no dilation
     */
    public DppFullPool(PoolingWindow window) {
        this(window, new DetailPreserving());
    }

    /**
     * Chooses the settings.
     *
     * @param window the window: 2x2, stride 2, no padding, no dilation
     * @param settings variant, normalisation, epsilon
     */
    public DppFullPool(PoolingWindow window, DetailPreserving settings) {
        super(window, options(Objects.requireNonNull(settings, "settings").variant(), settings.normalisation()),
                settings.epsilon());
        checkOptions();
    }

    /** @return variant, normalisation, epsilon */
    public DetailPreserving settings() {
        return DetailPreserving.of(this);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DPP_FULL_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        checkImages();
        settings();
        PoolingWindow window = window();
        PoolingWindow allowed = PoolingWindow.builder(2, 2)
                .borderMode(window.borderMode())
                .channelsLast(window.channelsLast())
                .build();
        if (!window.equals(allowed)) {
            throw error("the window must be 2x2 with stride 2, padding 0 and dilation 1, got " + window);
        }
    }

    @Override
    public List<String> inputNames() {
        return Arrays.asList("input", "alpha", "lambda", "filter", "bias");
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        long channels = geometry(inputShape).channels();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("alpha", new long[] {channels});
        shapes.put("lambda", new long[] {channels});
        shapes.put("filter", new long[] {channels, 3, 3});
        shapes.put("bias", new long[] {channels});
        return shapes;
    }

    @Override
    public boolean isWeight(String name) {
        return name.equals("filter");
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        checkParameters(inputs);
        return new long[][] {geometry(inputs.get(0).shape()).outputShape()};
    }

    private FilterPool smoothing() {
        return new FilterPool(
                PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).channelsLast(channelsLast()).build(),
                Sharing.CHANNEL, true);
    }

    private InverseBilateralPool pooling() {
        return new InverseBilateralPool(window(), settings());
    }

    private static List<INDArray> ofFilter(List<INDArray> arrays) {
        return Arrays.asList(arrays.get(0), arrays.get(4), arrays.get(3));
    }

    /** A new array: the smoothed map, which may have a row and a column more than there are windows. */
    private INDArray smooth(List<INDArray> inputs, Temporaries temporaries) {
        FilterPool smoothing = smoothing();
        INDArray x = inputs.get(0);
        INDArray map = temporaries.create(x.dataType(), smoothing.geometry(x.shape()).outputShape());
        smoothing.execute(ofFilter(inputs), Arrays.asList(map));
        return map;
    }

    /** The part that belongs to windows. */
    private INDArray ofWindows(INDArray map, long[] outputShape) {
        INDArrayIndex[] ranges = Arrays.stream(outputShape)
                .mapToObj(size -> NDArrayIndex.interval(0, size))
                .toArray(INDArrayIndex[]::new);
        return Arrays.equals(map.shape(), outputShape) ? map : map.get(ranges);
    }

    @Override
    void forward(List<INDArray> inputs, INDArray y, Temporaries temporaries) {
        INDArray map = ofWindows(smooth(inputs, temporaries), y.shape());
        pooling().execute(Arrays.asList(inputs.get(0), map, inputs.get(1), inputs.get(2)), Arrays.asList(y));
    }

    @Override
    void backward(List<INDArray> inputs, INDArray yGradient, List<INDArray> gradients, Temporaries temporaries) {
        INDArray map = smooth(inputs, temporaries);
        INDArray mapGradient = temporaries.like(map).assign(0);
        pooling().gradient().execute(
                Arrays.asList(inputs.get(0), ofWindows(map, yGradient.shape()), inputs.get(1), inputs.get(2),
                        yGradient),
                Arrays.asList(
                        gradients.get(0), ofWindows(mapGradient, yGradient.shape()), gradients.get(1),
                        gradients.get(2)));
        INDArray x = temporaries.like(gradients.get(0));
        List<INDArray> arguments = new ArrayList<>(ofFilter(inputs));
        arguments.add(mapGradient);
        smoothing().gradient().execute(arguments, Arrays.asList(x, gradients.get(4), gradients.get(3)));
        gradients.get(0).addi(x);
    }
}
