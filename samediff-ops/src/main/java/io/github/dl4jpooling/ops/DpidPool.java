// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Detail-preserving image downscaling (DPID) as pooling: a mean in which elements weigh more the further they are
 * from a smoothed, smaller version of the map, {@code y = sum_i w_i x_i / sum_i w_i}, {@code w_i = |x_i -
 * t|^lambda}.
 *
 * <p>t is the average of each window, smoothed over neighbouring windows with the weights 1, 2, 1 along each axis,
 * renormalised at the border. Nothing is learned; lambda, 1 in the paper, says how much details count. Made for scaling
 * images down so that they stay crisp; noise is detail too. {@link DppPool} is the learned relative.
 *
 * <p>Differences from the authors' program: each channel by itself instead of colours as vectors, and windows of whole
 * elements.
 *
 * <pre>
 * dy/dx_i = w_i / W + s_i + (through t) dy/dt dt/dx_i
 * dy/dt = -sum_i s_i,   s_i = lambda (x_i - y) w_i / ((x_i - t) W),   W = sum_i w_i
 * </pre>
 *
 * <p>Where x_i = t there is a kink; s_i is 0 then. Where all are, y = t and dy/dt = 1. With lambda below 1 gradients
 * grow without bound as x_i nears t.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. A window without elements counts as 0 for its neighbours, or, where a mask leaves it none, not at all.
 * A NaN reaches its windows and their neighbours.
 * Results do not depend on the number of threads.
 *
 * <p>Paper: N. Weber, M. Waechter, S. C. Amend, S. Guthe, M. Goesele: "Rapid, detail-preserving image downscaling",
 * ACM TOG 35(6), 2016.
 */
public final class DpidPool extends CompositeOp {

    private static final double LEAST_LAMBDA = 1e-3;
    private static final double MOST_LAMBDA = 1e3;

    /** For SameDiff, which fills in the arguments. */
    public DpidPool() {}

    /**
     * With lambda 1.
     *
     * @param window the window
     */
    public DpidPool(PoolingWindow window) {
        this(window, 1);
    }

    /**
     * Chooses the exponent.
     *
     * @param window the window
     * @param lambda exponent of the distance, from 0.001 to 1000
     */
    public DpidPool(PoolingWindow window, double lambda) {
        super(window, options(), lambda);
        checkOptions();
    }

    /** @return exponent of the distance */
    public double lambda() {
        return realOption(0, "lambda", LEAST_LAMBDA, MOST_LAMBDA);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DPID_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        lambda();
    }

    @Override
    public List<String> inputNames() {
        return inputNamesWithMask("input");
    }

    @Override
    public int differentiableInputs() {
        return 1;
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        return Collections.emptyMap();
    }

    @Override
    public boolean hasParametersByChannel() {
        return false;
    }

    @Override
    public boolean isWeight(String name) {
        return false;
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        if (window().masked()) {
            new AveragePool(window()).outputShapes(inputs); // which checks the mask
        }
        return new long[][] {geometry(inputs.get(0).shape()).outputShape()};
    }

    /** The last step, with t as an input; made and run here only. */
    private static final class Weighted extends WindowOp {
        private final double lambda;

        Weighted(DpidPool op) {
            super(op.window());
            lambda = op.lambda();
        }

        @Override
        public PoolingOperator operator() {
            return PoolingOperator.DPID_POOL;
        }

        @Override
        public List<WindowInput> furtherInputs() {
            return Collections.singletonList(WindowInput.parameter("t", Sharing.ELEMENT));
        }

        @Override
        protected long[] kernelOptions() {
            return new long[] {bits(lambda)};
        }
    }

    private FilterPool smoothing() {
        int n = window().dimensions();
        int[] size = new int[n];
        int[] one = new int[n];
        Arrays.fill(size, 3);
        Arrays.fill(one, 1);
        return new FilterPool(
                PoolingWindow.builder(size)
                        .stride(one)
                        .padding(one)
                        .channelsLast(channelsLast())
                        .masked(window().masked())
                        .build(),
                Sharing.LAYER, false);
    }

    /** 1, 2, 1 over 4 along each axis. */
    private INDArray filter(INDArray x, Temporaries temporaries) {
        int n = window().dimensions();
        long[] shape = new long[n];
        Arrays.fill(shape, 3);
        INDArray filter = temporaries.create(x.dataType(), shape);
        for (long i = 0; i < filter.length(); i++) {
            double weight = 1;
            for (long rest = i, a = 0; a < n; a++, rest /= 3) {
                weight *= rest % 3 == 1 ? 0.5 : 0.25;
            }
            filter.putScalar(i, weight);
        }
        return filter;
    }

    /** Divides by the weights inside the map: at a border 3/4, along an axis of one element 1/2. */
    private void renormalise(INDArray map) {
        for (int a = 0; a < window().dimensions(); a++) {
            int axis = spatialAxis(a);
            long size = map.size(axis);
            if (size == 1) {
                map.muli(2);
                continue;
            }
            for (long place : new long[] {0, size - 1}) {
                INDArrayIndex[] ranges = new INDArrayIndex[map.rank()];
                Arrays.fill(ranges, NDArrayIndex.all());
                ranges[axis] = NDArrayIndex.interval(place, place + 1);
                map.get(ranges).muli(4.0 / 3);
            }
        }
    }

    /** What both passes need. */
    private final class Smoothing {
        private final INDArray filter;
        private final INDArray windowMask; // which windows have elements, where there is a mask
        private final INDArray weights; // what the filter finds of itself, where there is a mask

        private Smoothing(List<INDArray> inputs, Temporaries temporaries) {
            INDArray x = inputs.get(0);
            filter = filter(x, temporaries);
            if (!window().masked()) {
                windowMask = null;
                weights = null;
                return;
            }
            INDArray ones = temporaries.like(x).assign(1);
            INDArray counts = temporaries.create(x.dataType(), geometry(x.shape()).outputShape());
            new AveragePool(window()).execute(Arrays.asList(ones, inputs.get(1)), Arrays.asList(counts));
            INDArray ofChannel = counts.get(
                    NDArrayIndex.all(),
                    channelsLast() ? NDArrayIndex.all() : NDArrayIndex.point(0),
                    channelsLast() ? NDArrayIndex.point(0) : NDArrayIndex.all());
            windowMask = temporaries.add(ofChannel.dup('c').reshape(counts.size(0), counts.size(spatialAxis(0))));
            weights = temporaries.like(counts);
            smoothing().execute(arguments(counts), Arrays.asList(weights));
            weights.addi(temporaries.add(weights.eq(0).castTo(weights.dataType()))); // of windows far from any element
        }

        private List<INDArray> arguments(INDArray map) {
            return windowMask == null ? Arrays.asList(map, filter) : Arrays.asList(map, filter, windowMask);
        }

        private void renormalise(INDArray map) {
            if (weights == null) {
                DpidPool.this.renormalise(map);
            } else {
                map.divi(weights);
            }
        }

        private INDArray smooth(List<INDArray> inputs, Temporaries temporaries) {
            INDArray x = inputs.get(0);
            INDArray averages = temporaries.create(x.dataType(), geometry(x.shape()).outputShape());
            new AveragePool(window()).execute(inputs, Arrays.asList(averages));
            INDArray map = temporaries.like(averages);
            smoothing().execute(arguments(averages), Arrays.asList(map));
            renormalise(map);
            return map;
        }

        /** The gradient of the averages. */
        private INDArray backward(INDArray map, INDArray mapGradient, Temporaries temporaries) {
            renormalise(mapGradient);
            // The averages themselves do not matter to the gradient of a sum: the map stands in for them.
            INDArray averagesGradient = temporaries.like(map);
            List<INDArray> arguments = new ArrayList<>(arguments(map));
            arguments.add(mapGradient);
            smoothing().gradient().execute(arguments, Arrays.asList(averagesGradient, temporaries.like(filter)));
            return averagesGradient;
        }
    }

    private int spatialAxis(int axis) {
        return axis + (channelsLast() ? 1 : 2);
    }

    /** The array to pool, an array in between, and the mask where there is one. */
    private static List<INDArray> withMap(List<INDArray> inputs, INDArray map) {
        List<INDArray> arguments = new ArrayList<>(inputs);
        arguments.add(1, map);
        return arguments;
    }

    @Override
    void forward(List<INDArray> inputs, INDArray y, Temporaries temporaries) {
        INDArray map = new Smoothing(inputs, temporaries).smooth(inputs, temporaries);
        new Weighted(this).execute(withMap(inputs, map), Arrays.asList(y));
    }

    @Override
    void backward(List<INDArray> inputs, INDArray yGradient, List<INDArray> gradients, Temporaries temporaries) {
        Smoothing smoothing = new Smoothing(inputs, temporaries);
        INDArray map = smoothing.smooth(inputs, temporaries);
        INDArray mapGradient = temporaries.like(map);
        new Weighted(this).backward(
                withMap(inputs, map), Collections.emptyList(), yGradient,
                Arrays.asList(gradients.get(0), mapGradient));
        INDArray averagesGradient = smoothing.backward(map, mapGradient, temporaries);
        INDArray throughMap = temporaries.like(inputs.get(0));
        List<INDArray> arguments = new ArrayList<>(inputs);
        arguments.add(averagesGradient);
        new AveragePool(window()).gradient().execute(arguments, Arrays.asList(throughMap));
        gradients.get(0).addi(throughMap);
    }
}
