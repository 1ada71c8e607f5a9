// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.zoo.catalogue.LayerClasses;
import io.github.dl4jpooling.zoo.catalogue.PackageClasses;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.introspect.BeanPropertyDefinition;

/**
 * The names that saved models hold: classes of layers and vertices with their properties, ops, and constants of enums,
 * which ops store by their position.
 */
final class StoredNames {

    private static final String CLASS = "class";
    private static final String OP = "op";
    private static final String CONSTANTS = "enum";

    private StoredNames() {}

    /** One line a name: what it is, the name, and what belongs to it. */
    static List<String> all() {
        List<String> lines = new ArrayList<>();
        LayerClasses.all().forEach(type -> lines.add(line(CLASS, type.getName(), properties(type))));
        for (PoolingOperator operator : PoolingOperator.values()) {
            operator.prototypes().forEach(op -> lines.add(line(OP, op.opName(), List.of())));
        }
        enums().forEach((name, constants) -> lines.add(line(CONSTANTS, name, constants)));
        return lines;
    }

    private static String line(String kind, String name, Collection<String> parts) {
        return kind + " " + name + " " + String.join(",", parts);
    }

    private static Collection<String> properties(Class<?> type) {
        ObjectMapper mapper = NeuralNetConfiguration.mapper();
        return mapper.getDeserializationConfig().introspect(mapper.constructType(type)).findProperties().stream()
                .filter(BeanPropertyDefinition::couldDeserialize)
                .map(BeanPropertyDefinition::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of the packages that ops and layers have their settings from. */
    private static Map<String, List<String>> enums() {
        Map<String, List<String>> enums = new TreeMap<>();
        Stream.concat(PackageClasses.of(PoolingOp.class, "io.github.dl4jpooling.ops").stream(),
                PackageClasses.of(PoolingLayer.class, "io.github.dl4jpooling.layers").stream())
                .flatMap(type -> Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses())))
                .filter(type -> type.isEnum() && Modifier.isPublic(type.getModifiers())
                        && type != PoolingOperator.class)
                .forEach(type -> enums.put(type.getName(), Arrays.stream(type.getEnumConstants())
                        .map(constant -> ((Enum<?>) constant).name()).collect(Collectors.toList())));
        return enums;
    }

    /** What is wrong with a line now; nothing if all that it names is there. */
    static List<String> missing(String line) {
        String[] parts = line.split(" ", -1);
        List<String> expected = parts[2].isEmpty() ? List.of() : List.of(parts[2].split(","));
        try {
            switch (parts[0]) {
                case CLASS:
                    return missing(properties(Class.forName(parts[1])), expected);
                case OP:
                    return isOp(parts[1]) ? List.of() : List.of("the op");
                default:
                    List<String> now = enums().getOrDefault(parts[1], List.of());
                    return now.size() >= expected.size() && now.subList(0, expected.size()).equals(expected)
                            ? List.of()
                            : List.of("constants in this order, got " + now);
            }
        } catch (ClassNotFoundException e) {
            return List.of("the class");
        }
    }

    private static boolean isOp(String opName) {
        return Arrays.stream(PoolingOperator.values())
                .flatMap(operator -> operator.prototypes().stream())
                .anyMatch(op -> op.opName().equals(opName));
    }

    private static List<String> missing(Collection<String> now, List<String> expected) {
        return expected.stream().filter(name -> !now.contains(name)).collect(Collectors.toList());
    }
}
