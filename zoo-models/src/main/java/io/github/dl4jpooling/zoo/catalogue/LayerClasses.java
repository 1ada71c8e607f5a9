// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.catalogue;

import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/** The configuration classes of layers and vertices, found where {@link PoolingLayer} was loaded from. */
public final class LayerClasses {
    private static final String PACKAGE = "io.github.dl4jpooling.layers";
    private static final List<Class<?>> ALL = find();
    private static final Map<Class<?>, Optional<PoolingOperator>> APPLIED = new ConcurrentHashMap<>();

    private LayerClasses() {}

    /** @return layers and vertices that can be made, by name */
    public static List<Class<?>> all() {
        return ALL;
    }

    /**
     * Layers and vertices of an operator: those that apply it, or, where an example cannot be made, are named like it.
     *
     * @param operator the operator
     * @return the classes, none where the operator is an op only
     */
    public static List<Class<?>> of(PoolingOperator operator) {
        return ALL.stream().filter(type -> applies(type, operator)).collect(Collectors.toList());
    }

    private static boolean applies(Class<?> type, PoolingOperator operator) {
        return APPLIED.computeIfAbsent(type, LayerClasses::applied).map(operator::equals)
                .orElseGet(() -> type.getSimpleName()
                        .replaceFirst("(Layer|Vertex)$", "").replaceFirst("ing$", "").equals(operator.className()));
    }

    /** The operator that an example of a layer or vertex applies. */
    private static Optional<PoolingOperator> applied(Class<?> type) {
        Object layer = Examples.of(2, false).layer(type).orElse(null);
        if (layer instanceof PoolingLayer) {
            return Optional.of(((PoolingLayer) layer).op(false).operator());
        }
        if (layer == null) {
            return Optional.empty();
        }
        try {
            Object op = type.getMethod("op").invoke(layer);
            return op instanceof PoolingOp ? Optional.of(((PoolingOp) op).operator()) : Optional.empty();
        } catch (ReflectiveOperationException e) {
            return Optional.empty(); // has no such method, or needs more settings
        }
    }

    private static List<Class<?>> find() {
        return PackageClasses.of(PoolingLayer.class, PACKAGE).stream()
                .filter(LayerClasses::isConfiguration)
                .sorted((a, b) -> a.getSimpleName().compareTo(b.getSimpleName()))
                .collect(Collectors.toList());
    }

    private static boolean isConfiguration(Class<?> type) {
        int modifiers = type.getModifiers();
        return Modifier.isPublic(modifiers) && !Modifier.isAbstract(modifiers)
                && (Layer.class.isAssignableFrom(type) || GraphVertex.class.isAssignableFrom(type));
    }
}
