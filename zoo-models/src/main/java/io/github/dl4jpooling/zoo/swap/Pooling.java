// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;

/**
 * What a pooling layer computes, apart from where its windows lie: a value that makes the layer for a given window.
 *
 * <pre>{@code
 * Pooling.soft().layer(PoolingWindow.builder(2, 2).build(), "pool1")     // a SoftPooling
 * Pooling.named("max").layer(PoolingWindow.builder(5).build(), "pool2")  // DL4J's Subsampling1DLayer
 * }</pre>
 *
 * <p>Maximum, average and p-norm are DL4J's own layers; all others are this library's. Two poolings of the same name
 * are equal.
 */
public final class Pooling {
    private static final String P_NORM = "pnorm";
    private static final Pattern P_NORM_NAME = Pattern.compile(P_NORM + "([1-9][0-9]{0,3})");
    private static final Map<String, Pooling> BY_NAME = new LinkedHashMap<>();

    static {
        add(subsampling("max", PoolingType.MAX, 0, List.of(1, 2, 3)));
        add(subsampling("average", PoolingType.AVG, 0, List.of(1, 2, 3)));
        add(pNorm(2));
        for (PoolingOperator operator : PoolingOperator.values()) {
            if (WindowPoolingLayers.isWindowPooling(operator)) {
                String name = WindowPoolingLayers.poolingName(operator);
                add(new Pooling(name, operator.dimensions(), w -> WindowPoolingLayers.create(operator, w)));
            }
        }
    }

    private final String name;
    private final List<Integer> dimensions;
    private final Function<PoolingWindow, ? extends Layer> layers;

    Pooling(String name, List<Integer> dimensions, Function<PoolingWindow, ? extends Layer> layers) {
        this.name = name;
        this.dimensions = Collections.unmodifiableList(new ArrayList<>(dimensions));
        this.layers = layers;
    }

    private static void add(Pooling pooling) {
        BY_NAME.putIfAbsent(pooling.name, pooling); // "max" and "average" are DL4J's own layers
    }

    private static Pooling subsampling(String name, PoolingType type, int p, List<Integer> dimensions) {
        return new Pooling(name, dimensions, window -> SubsamplingLayers.create(type, p, window));
    }

    /** @return the maximum of each window */
    public static Pooling max() {
        return named("max");
    }

    /** @return the mean of each window; elements in the padding do not count */
    public static Pooling average() {
        return named("average");
    }

    /**
     * The p-norm of each window, (sum |x|^p)^(1/p): DL4J's, which is a sum, not a mean, and grows with the window.
     *
     * @param p 1 to 9999
     * @return the pooling, for 1 and 2 dimensions
     * @throws IllegalArgumentException if {@code p} is out of range
     */
    public static Pooling pNorm(int p) {
        if (p < 1 || p > 9999) {
            throw new IllegalArgumentException("p of a p-norm must be 1 to 9999, got " + p);
        }
        return subsampling(P_NORM + p, PoolingType.PNORM, p, List.of(1, 2));
    }

    /** @return the mean of each window weighted by exp(x): {@link PoolingOperator#SOFT_POOL} */
    public static Pooling soft() {
        return named(WindowPoolingLayers.poolingName(PoolingOperator.SOFT_POOL));
    }

    /**
     * A pooling with settings of its own, made of one of this library's layers.
     *
     * <pre>{@code
     * Pooling.of("mixed, all maximum", () -> new MixedPooling.Builder().initialProportion(1))
     * }</pre>
     *
     * @param name what reports call it; poolings of the same name are equal
     * @param settings makes a builder, to which the window is added
     * @return the pooling
     */
    public static Pooling of(String name, Supplier<? extends WindowPoolingLayer.Builder<?>> settings) {
        WindowPoolingLayer layer = Objects.requireNonNull(settings, "settings").get().build();
        return new Pooling(
                Objects.requireNonNull(name, "name"),
                layer.op(false).operator().dimensions(),
                window -> WindowPoolingLayers.create(settings.get(), window));
    }

    /**
     * Looks a pooling up, for command lines and configuration files.
     *
     * @param name one of {@link #names()}, or "pnorm" and p, for instance "pnorm3"
     * @return the pooling; its {@link #name()} is {@code name}
     * @throws IllegalArgumentException if there is none of this name; the message lists the names
     */
    public static Pooling named(String name) {
        Pooling pooling = BY_NAME.get(name);
        if (pooling != null) {
            return pooling;
        }
        Matcher pNorm = P_NORM_NAME.matcher(String.valueOf(name));
        if (pNorm.matches()) {
            return pNorm(Integer.parseInt(pNorm.group(1)));
        }
        throw new IllegalArgumentException("pooling \"" + name + "\" is unknown, expected " + String.join(", ", names())
                + ", or pnorm with another number");
    }

    /** @return names of all poolings, DL4J's first, then this library's in the order of {@link PoolingOperator} */
    public static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    /** @return name that {@link #named} understands, for instance "max", "pnorm2" or "soft" */
    public String name() {
        return name;
    }

    /** @return numbers of spatial dimensions there are layers for: 1 for sequences, 2 for images, 3 for volumes */
    public List<Integer> dimensions() {
        return dimensions;
    }

    /**
     * Makes the configuration of a layer that pools this way.
     *
     * @param window size, stride, padding, dilation, rule at the border and place of the channels; its number of axes
     *     decides between sequences, images and volumes
     * @param layerName name of the layer; null lets DL4J choose one
     * @return a new layer configuration
     * @throws IllegalArgumentException if there is no such layer: for this number of dimensions, or, for DL4J's own
     *     layers, in ceil mode, or, for dpp_full, with windows that are not 2x2 side by side; the message names the
     *     layer
     */
    public Layer layer(PoolingWindow window, String layerName) {
        if (!dimensions.contains(Objects.requireNonNull(window, "window").dimensions())) {
            throw new IllegalArgumentException(name + " pooling exists for " + dimensions + " dimensions, layer \""
                    + layerName + "\" needs " + window.dimensions());
        }
        try {
            Layer layer = layers.apply(window);
            layer.setLayerName(layerName);
            return layer;
        } catch (IllegalArgumentException | DL4JInvalidConfigException e) {
            throw new IllegalArgumentException(
                    name + " pooling for layer \"" + layerName + "\": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pooling && name.equals(((Pooling) other).name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
