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
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;

/** Makes objects by whatever public constructors and builders their class has, with some arguments hostile. */
final class HostileMaker {

    private static final int MOST_SETTINGS = 4;
    private static final Comparator<Executable> ORDER = Comparator.comparing(Executable::toGenericString);

    private final Random random;
    private final double share; // of hostile arguments
    private final Consumer<Object> log;

    /** @param log gets each call before it is made */
    HostileMaker(Random random, double share, Consumer<Object> log) {
        this.random = random;
        this.share = share;
        this.log = log;
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
            if (!Modifier.isStatic(method.getModifiers()) || !isOurs(method)) {
                continue;
            }
            if (method.getName().equals("builder")) {
                ways.add(new Way(method, true));
            } else if (method.getReturnType() == type) {
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

    private static boolean isOurs(Method method) {
        return method.getDeclaringClass().getName().startsWith("io.github.dl4jpooling.");
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

    /** All that makes one, called with null in the place of each argument, as far as null is not refused clearly. */
    List<String> unrefusedNulls(Class<?> type) throws Throwable {
        List<String> unrefused = new ArrayList<>();
        for (Way way : ways(type)) {
            unrefused.addAll(unrefusedNulls(way.start, () -> null));
            if (way.isBuilder) {
                for (Method setting : settings(call(way.start, null).getClass())) {
                    unrefused.addAll(unrefusedNulls(setting, () -> call(way.start, null)));
                }
            }
        }
        return unrefused;
    }

    /** Makes what a method is called on. */
    private interface Target {
        Object make() throws Throwable;
    }

    private List<String> unrefusedNulls(Executable executable, Target target) throws Throwable {
        List<String> unrefused = new ArrayList<>();
        for (int i = 0; i < executable.getParameterCount(); i++) {
            if (!executable.getParameterTypes()[i].isPrimitive()) {
                Object[] arguments = arguments(executable);
                arguments[i] = null;
                Object called = target.make();
                try {
                    call(executable, called, arguments);
                    unrefused.add(executable + ", argument " + i + ": accepted");
                } catch (RuntimeException e) {
                    if (Verdict.of(e) != Verdict.REFUSED) {
                        unrefused.add(executable + ", argument " + i + ": " + e);
                    }
                }
            }
        }
        return unrefused;
    }

    private static List<Method> settings(Class<?> builder) {
        List<Method> settings = new ArrayList<>();
        for (Method method : sorted(builder.getMethods())) {
            if (method.getParameterCount() > 0 && !Modifier.isStatic(method.getModifiers()) && isOurs(method)
                    && !method.isBridge()) {
                settings.add(method);
            }
        }
        return settings;
    }

    private Object[] arguments(Executable executable) throws Throwable {
        Object[] arguments = new Object[executable.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = argument(executable.getParameterTypes()[i], executable.getGenericParameterTypes()[i]);
        }
        return arguments;
    }

    private Object call(Executable executable, Object target) throws Throwable {
        return call(executable, target, arguments(executable));
    }

    private Object call(Executable executable, Object target, Object... arguments) throws Throwable {
        log.accept(executable.getDeclaringClass().getSimpleName() + "." + executable.getName().replaceAll(".*[.$]", "")
                + Arrays.deepToString(arguments));
        try {
            return executable instanceof Constructor
                    ? ((Constructor<?>) executable).newInstance(arguments)
                    : ((Method) executable).invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object argument(Class<?> type, Type generic) throws Throwable {
        boolean isPlain = type.isPrimitive() || type.isEnum() || type.isArray() || type == String.class;
        if (random.nextDouble() < share) {
            return isPlain || !canMake(type) || random.nextInt(4) == 0 ? HostileValues.of(type, random) : make(type);
        }
        return type == List.class
                ? List.of(harmless(generic.getTypeName().contains("PoolingOp") ? PoolingOp.class : PoolingLayer.class))
                : harmless(type);
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
