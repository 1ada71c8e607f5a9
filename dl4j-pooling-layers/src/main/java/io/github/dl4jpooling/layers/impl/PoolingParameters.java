// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.layers.conf.PoolingLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Parameters of layers and vertices: one behind the other, in the order of the op's inputs. */
public final class PoolingParameters implements ParamInitializer {

    /** The only one; it has no state. */
    public static final PoolingParameters INSTANCE = new PoolingParameters();

    private static final double LEAST_WIDTH = 2; // bytes a number, of half

    private PoolingParameters() {}

    private static PoolingLayer layer(Layer layer) {
        return (PoolingLayer) layer;
    }

    private static String text(Map<String, long[]> shapes) {
        return shapes.entrySet().stream().map(entry -> entry.getKey() + Arrays.toString(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static long length(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        try {
            return count(layer(layer).parameterShapes());
        } catch (IllegalArgumentException e) {
            throw layer(layer).configError(e);
        }
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return new ArrayList<>(layer(layer).parameterShapes().keySet());
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return paramKeys(layer).stream().filter(key -> isWeightParam(layer, key)).collect(Collectors.toList());
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return paramKeys(layer).stream().filter(key -> isBiasParam(layer, key)).collect(Collectors.toList());
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return layer(layer).isWeight(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return !layer(layer).isWeight(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray paramsView, boolean initializeParams) {
        Map<String, INDArray> parameters = getGradientsFromFlattened(conf, paramsView);
        parameters.keySet().forEach(conf::addVariable);
        if (initializeParams) {
            parameters.forEach(layer(conf.getLayer())::initializeParameter);
        }
        return parameters;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray gradientView) {
        return views(layer(conf.getLayer()).parameterShapes(), gradientView);
    }

    /**
     * Parameters, or their gradients, as views of one array.
     *
     * @param shapes their shapes by name
     * @param all the array; may be null where there are none
     * @return views by name, in the same order
     * @throws IllegalArgumentException if it is null although there are some: all of them have size 0
     */
    public static Map<String, INDArray> views(Map<String, long[]> shapes, INDArray all) {
        Map<String, INDArray> views = new LinkedHashMap<>();
        if (all == null && !shapes.isEmpty()) {
            throw new IllegalArgumentException("parameters must not be empty, got " + text(shapes)
                    + ": the input type has an axis of size 0");
        }
        INDArray flat = shapes.isEmpty() ? null : all.reshape(all.length());
        long begin = 0;
        for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
            long end = begin + length(entry.getValue());
            views.put(entry.getKey(),
                    flat.get(NDArrayIndex.interval(begin, end)).reshape('c', entry.getValue()));
            begin = end;
        }
        return views;
    }

    /**
     * Counts parameters.
     *
     * @param shapes their shapes by name
     * @return how many numbers they are
     * @throws IllegalArgumentException if the machine could not hold them, however it tried: DL4J asks for the memory
     *     without looking
     */
    public static long count(Map<String, long[]> shapes) {
        double bytes = shapes.values().stream()
                .mapToDouble(shape -> Arrays.stream(shape).asDoubleStream().reduce(LEAST_WIDTH, (a, b) -> a * b)).sum();
        long memory = Pointer.totalPhysicalBytes();
        if (bytes > (memory > 0 ? memory : Long.MAX_VALUE)) {
            throw new IllegalArgumentException("parameters must fit in memory, got " + text(shapes));
        }
        return shapes.values().stream().mapToLong(PoolingParameters::length).sum();
    }
}
