// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Global pooling with weights that a small network on the map gives to its positions: vectors of one length from maps
 * or sequences of any length.
 *
 * <p>The maps come first, then the parameters, in both orders of axes with the same shapes, then the masks. A mask has
 * one number for each position, {@code [N,W]}, {@code [N,H,W]} or {@code [N,D,H,W]}, without an axis of channels:
 * positions where it is 0 are left out, whatever stands there, and get a gradient of 0; those of any other number count
 * fully. Where a map of an example has no position left, the example's output is 0, and so are its gradients.
 *
 * <p>Examples are computed one after the other, from matrix products of ND4J; half and bfloat16 in float. Arrays that
 * do not begin their memory or have gaps are copied.
 */
public abstract class AttentionOp extends MapOp {

    /** Most heads, queries or hidden units. */
    static final int MOST = 1 << 20;

    /** Name of the mask of the input. */
    public static final String MASK = "mask";

    /** For SameDiff, which fills in the arguments. */
    AttentionOp() {}

    AttentionOp(boolean channelsLast, long... options) {
        super(channelsLast, options);
    }

    /** Names of the maps that are pooled. */
    List<String> mapNames() {
        return Collections.singletonList("input");
    }

    /**
     * Spatial axes of a map.
     *
     * @param map 0 for the input
     * @return their number
     */
    public int dimensionsOf(int map) {
        return dimensions();
    }

    /** Whether a map has a mask. */
    abstract boolean isMasked(int map);

    /**
     * Shapes of the inputs that a layer holds as its parameters.
     *
     * @param channels number of channels of each map
     * @return shapes by the names of the inputs, in their order
     */
    public abstract Map<String, long[]> parameterShapes(long... channels);

    /**
     * Whether an input is a weight, to which a layer's l1, l2 and weight decay apply.
     *
     * @param name its name
     * @return false for biases
     */
    public final boolean isWeight(String name) {
        return !name.toLowerCase(Locale.ROOT).endsWith("bias");
    }

    /** @return numbers an example is pooled to, given the number of channels of each map */
    public abstract long outputSize(long... channels);

    /** Pools examples one after the other, forward or backward, with the parameters of one call. */
    abstract static class Pass {

        private final Map<String, INDArray> parameters;
        private final Map<String, INDArray> parameterGradients;

        /** The gradients, which start at 0, are empty in a forward pass. */
        Pass(Map<String, INDArray> parameters, Map<String, INDArray> parameterGradients) {
            this.parameters = parameters;
            this.parameterGradients = parameterGradients;
        }

        final INDArray parameter(String name) {
            return parameters.get(name);
        }

        /** Adds to the gradient of a parameter. */
        final void add(String name, INDArray gradient) {
            INDArray sum = parameterGradients.get(name);
            sum.addi(gradient.reshape(sum.shape()));
        }

        /**
         * Pools one example.
         *
         * @param maps channels by positions of each map. Not modified.
         * @param temporaries closed after the example
         * @return {@code [1, outputSize]}
         */
        abstract INDArray forward(INDArray[] maps, Temporaries temporaries);

        /**
         * Gradients of one example; adds to those of the parameters.
         *
         * @param maps channels by positions of each map. Not modified.
         * @param yGradient {@code [1, outputSize]}. Not modified.
         * @param temporaries closed after the example
         * @return gradients of the maps
         */
        abstract INDArray[] backward(INDArray[] maps, INDArray yGradient, Temporaries temporaries);

        /** Called after the gradients of the last example. */
        void finish() {}
    }

    /** Starts a pass; the temporaries live until its end. */
    abstract Pass pass(
            Map<String, INDArray> parameters, Map<String, INDArray> parameterGradients, Temporaries temporaries);

    private List<String> parameterNames() {
        long[] channels = new long[mapNames().size()];
        Arrays.fill(channels, 1);
        return new ArrayList<>(parameterShapes(channels).keySet());
    }

    @Override
    public final List<String> inputNames() {
        List<String> names = new ArrayList<>(mapNames());
        names.addAll(parameterNames());
        for (int map = 0; map < mapNames().size(); map++) {
            if (isMasked(map)) {
                names.add(maskName(map));
            }
        }
        return names;
    }

    private String maskName(int map) {
        return map == 0 ? MASK : mapNames().get(map) + "Mask";
    }

    @Override
    public final int differentiableInputs() {
        return mapNames().size() + parameterNames().size();
    }

    @Override
    protected final long[][] shapes(List<INDArray> inputs) {
        int count = mapNames().size();
        long[] channels = new long[count];
        long examples = inputs.get(0).size(0);
        int mask = differentiableInputs();
        for (int map = 0; map < count; map++) {
            long[] shape = inputs.get(map).shape();
            MapAxes axes = new MapAxes(dimensionsOf(map), channelsLast());
            long[] spatial = spatialSizes(mapNames().get(map), axes, shape);
            channels[map] = shape[axes.channelAxis()];
            if (shape[0] != examples) {
                throw error("the " + mapNames().get(map) + " must have as many examples as the input, " + examples
                        + ", got shape " + Arrays.toString(shape));
            }
            if (isMasked(map)) {
                long[] maskShape = new long[spatial.length + 1];
                maskShape[0] = examples;
                System.arraycopy(spatial, 0, maskShape, 1, spatial.length);
                checkShape(maskName(map), inputs.get(mask++), maskShape);
            }
        }
        int next = count;
        for (Map.Entry<String, long[]> parameter : parameterShapes(channels).entrySet()) {
            checkShape(parameter.getKey(), inputs.get(next++), parameter.getValue());
        }
        return new long[][] {{examples, outputSize(channels)}};
    }

    private Map<String, INDArray> parameters(List<INDArray> arrays, Temporaries temporaries) {
        Map<String, INDArray> parameters = new LinkedHashMap<>();
        int next = mapNames().size();
        for (String name : parameterNames()) {
            parameters.put(name, PlainArrays.of(arrays.get(next++), temporaries));
        }
        return parameters;
    }

    /** One example of every map; null where one of them has no position that counts. */
    private AttendedMap[] example(List<INDArray> inputs, int number) {
        AttendedMap[] maps = new AttendedMap[mapNames().size()];
        int mask = differentiableInputs();
        for (int map = 0; map < maps.length; map++) {
            maps[map] = new AttendedMap(
                    inputs.get(map), isMasked(map) ? inputs.get(mask++) : null, number, channelsLast());
        }
        return Arrays.stream(maps).anyMatch(AttendedMap::isEmpty) ? null : maps;
    }

    private static INDArray[] values(AttendedMap[] maps, Temporaries temporaries) {
        return Arrays.stream(maps).map(map -> map.values(temporaries)).toArray(INDArray[]::new);
    }

    private static INDArray row(INDArray array, int number) {
        return array.get(NDArrayIndex.interval(number, number + 1), NDArrayIndex.all());
    }

    @Override
    protected final void forward(List<INDArray> inputs, List<INDArray> outputs) {
        PlainArrays.run(inputs, outputs, (wide, results, temporaries) -> {
            Pass pass = pass(parameters(wide, temporaries), Collections.emptyMap(), temporaries);
            INDArray y = results.get(0);
            for (int i = 0; i < y.size(0); i++) {
                AttendedMap[] maps = example(wide, i);
                if (maps == null) {
                    row(y, i).assign(0);
                    continue;
                }
                try (Temporaries ofExample = new Temporaries()) {
                    row(y, i).assign(pass.forward(values(maps, ofExample), ofExample));
                }
            }
        });
    }

    @Override
    protected final void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        List<INDArray> arrays = new ArrayList<>(inputs);
        arrays.add(outputGradient);
        PlainArrays.run(arrays, inputGradients, (wide, results, temporaries) -> {
            INDArray yGradient = PlainArrays.of(wide.get(inputs.size()), temporaries);
            Map<String, INDArray> parameterGradients = parameters(results, temporaries);
            parameterGradients.values().forEach(gradient -> gradient.assign(0));
            Pass pass = pass(parameters(wide, temporaries), parameterGradients, temporaries);
            for (int i = 0; i < yGradient.size(0); i++) {
                AttendedMap[] maps = example(wide, i);
                try (Temporaries ofExample = new Temporaries()) {
                    INDArray[] gradients = maps == null
                            ? null
                            : pass.backward(values(maps, ofExample), row(yGradient, i), ofExample);
                    for (int map = 0; map < mapNames().size(); map++) {
                        INDArray target = AttendedMap.example(results.get(map), i);
                        if (maps == null) {
                            target.assign(0);
                        } else {
                            maps[map].writeGradient(gradients[map], target);
                        }
                    }
                }
            }
            pass.finish();
        });
    }
}
