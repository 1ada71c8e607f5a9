// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.zoo.catalogue.Examples;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;

/** Makes objects by whatever public constructors and builders their class has, with some arguments hostile. */
final class HostileMaker {

    private static final int MOST_SETTINGS = 4;
    private static final Comparator<Executable> ORDER = Comparator.comparing(Executable::toGenericString);

    private final Random random;
    private final double share; // of hostile arguments
    private final StringBuilder text = new StringBuilder();

    HostileMaker(Random random, double share) {
        this.random = random;
        this.share = share;
    }

    /** What was called so far. */
    @Override
    public String toString() {
        return text.toString();
    }

    private static final class Way {
        private final Executable start;
        private final boolean isBuilder;

        private Way(Executable start, boolean isBuilder) {
            this.start = start;
            this.isBuilder = isBuilder;
        }
    }

    /** Whether there is a public way to make one. */
    static boolean canMake(Class<?> type) {
        return !ways(type).isEmpty();
    }

    private static List<Way> ways(Class<?> type) {
        List<Way> ways = new ArrayList<>();
        for (Constructor<?> constructor : sorted(type.getConstructors())) {
            if (constructor.getParameterCount() > 0 && !Modifier.isAbstract(type.getModifiers())) {
                ways.add(new Way(constructor, false));
            }
        }
        for (Method method : sorted(type.getMethods())) {
            if (Modifier.isStatic(method.getModifiers()) && method.getName().equals("builder")) {
                ways.add(new Way(method, true));
            } else if (Modifier.isStatic(method.getModifiers()) && method.getReturnType() == type) {
                ways.add(new Way(method, false));
            }
        }
        for (Class<?> nested : type.getClasses()) {
            if (nested.getSimpleName().equals("Builder") && !Modifier.isAbstract(nested.getModifiers())) {
                for (Constructor<?> constructor : sorted(nested.getConstructors())) {
                    ways.add(new Way(constructor, true));
                }
            }
        }
        return ways;
    }

    private static <E extends Executable> List<E> sorted(E[] executables) {
        List<E> sorted = new ArrayList<>(Arrays.asList(executables));
        sorted.sort(ORDER);
        return sorted;
    }

    /** Makes an object, or throws what the constructor or builder throws. */
    Object make(Class<?> type) throws Throwable {
        List<Way> ways = ways(type);
        Way way = ways.get(random.nextInt(ways.size()));
        Object made = call(way.start, null);
        if (!way.isBuilder) {
            return made;
        }
        List<Method> settings = settings(made.getClass());
        for (int i = random.nextInt(MOST_SETTINGS + 1); i > 0 && !settings.isEmpty(); i--) {
            call(settings.get(random.nextInt(settings.size())), made);
        }
        return call(made.getClass().getMethod("build"), made);
    }

    private static List<Method> settings(Class<?> builder) {
        List<Method> settings = new ArrayList<>();
        for (Method method : sorted(builder.getMethods())) {
            if (method.getParameterCount() > 0 && !Modifier.isStatic(method.getModifiers())
                    && method.getDeclaringClass().getName().startsWith("io.github.dl4jpooling.")
                    && !method.isBridge()) {
                settings.add(method);
            }
        }
        return settings;
    }

    private Object call(Executable executable, Object target) throws Throwable {
        Object[] arguments = new Object[executable.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = argument(executable.getParameterTypes()[i]);
        }
        text.append(' ').append(executable.getDeclaringClass().getSimpleName()).append('.')
                .append(executable.getName().replaceAll(".*[.$]", "")).append(Arrays.deepToString(arguments));
        try {
            return executable instanceof Constructor
                    ? ((Constructor<?>) executable).newInstance(arguments)
                    : ((Method) executable).invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object argument(Class<?> type) throws Throwable {
        boolean isPlain = type.isPrimitive() || type.isEnum() || type.isArray() || type == String.class;
        if (random.nextDouble() < share) {
            return isPlain || !canMake(type) || random.nextInt(4) == 0 ? HostileValues.of(type, random) : make(type);
        }
        return harmless(type);
    }

    private Object harmless(Class<?> type) {
        if (type == int.class || type == long.class) {
            return 1 + random.nextInt(3);
        }
        if (type == double.class) {
            return 0.5 * (1 + random.nextInt(3));
        }
        if (type == int[].class) {
            return new int[] {1 + random.nextInt(3), 1 + random.nextInt(3)};
        }
        if (type == int[][].class) {
            return new int[][] {{1, 1}, {2, 2}};
        }
        if (type == double[].class) {
            return new double[] {1, 2};
        }
        if (type == PoolingWindow.class) {
            return PoolingWindow.builder(2, 2).stride(1, 2).channelsLast(random.nextInt(4) == 0).build();
        }
        if (type == PoolingOp.class) {
            return new MaxPool(PoolingWindow.builder(2, 2).build());
        }
        if (type == PoolingOp[].class) {
            return new PoolingOp[] {(PoolingOp) harmless(PoolingOp.class)};
        }
        if (type == PoolingLayer.class) {
            return new MaxPooling.Builder(2, 2).build();
        }
        if (type == PoolingLayer[].class) {
            return new PoolingLayer[] {(PoolingLayer) harmless(PoolingLayer.class)};
        }
        if (type == List.class) {
            return List.of(harmless(PoolingLayer.class));
        }
        if (type == Quantization.class) {
            return Quantization.ofRange(DataType.UINT8, 0, 1);
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        return type.getName().startsWith("io.github.dl4jpooling.")
                ? Examples.of(2, false).layer(type).orElse(null)
                : HostileValues.of(type, random);
    }
}
