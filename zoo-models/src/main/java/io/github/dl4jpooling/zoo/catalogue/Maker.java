// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.catalogue;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * Makes objects from whatever public constructors and builders a class has, with values chosen by the types of their
 * parameters. The fewest parameters win: what they leave out is at its default.
 */
final class Maker {
    private static final String BUILDER = "builder";
    private static final String BUILD = "build";
    private static final Comparator<Executable> ORDER =
            Comparator.comparingInt(Executable::getParameterCount).thenComparing(Executable::toGenericString);

    /** Value for a parameter of a type; the truth value says whether it is one that starts a builder. */
    private final BiFunction<Class<?>, Boolean, Object> values;

    Maker(BiFunction<Class<?>, Boolean, Object> values) {
        this.values = values;
    }

    /** An object of the class that is accepted, from a constructor with parameters or a builder. */
    <T> Optional<T> make(Class<T> type, Predicate<? super T> accepted) {
        List<Constructor<?>> constructors = new ArrayList<>(Arrays.asList(type.getConstructors()));
        constructors.sort(ORDER);
        for (Constructor<?> constructor : constructors) {
            if (constructor.getParameterCount() > 0) {
                Object made = call(constructor, null, false);
                if (made != null && accepted.test(type.cast(made))) {
                    return Optional.of(type.cast(made));
                }
            }
        }
        return build(type, accepted);
    }

    /** An object of the class that is accepted, from one of its builders. */
    <T> Optional<T> build(Class<T> type, Predicate<? super T> accepted) {
        for (Object builder : builders(type)) {
            Object made = build(builder);
            if (type.isInstance(made) && !accepted.test(type.cast(made))) {
                made = build(withChannelsLast(builder));
            }
            if (type.isInstance(made) && accepted.test(type.cast(made))) {
                return Optional.of(type.cast(made));
            }
        }
        return Optional.empty();
    }

    private static Object withChannelsLast(Object builder) {
        try {
            builder.getClass().getMethod("channelsLast", boolean.class).invoke(builder, true);
        } catch (ReflectiveOperationException e) {
            return builder; // has no such setting
        }
        return builder;
    }

    /** Builders that static methods give, and objects of nested classes called Builder. */
    private List<Object> builders(Class<?> type) {
        List<Object> builders = new ArrayList<>();
        for (Method method : sorted(type.getMethods())) {
            if (Modifier.isStatic(method.getModifiers()) && method.getName().equals(BUILDER)) {
                builders.add(call(method, null, true));
            }
        }
        for (Class<?> nested : type.getClasses()) {
            if (nested.getSimpleName().equals("Builder") && !Modifier.isAbstract(nested.getModifiers())) {
                Constructor<?>[] constructors = nested.getConstructors();
                Arrays.sort(constructors, Comparator.comparingInt(c -> -c.getParameterCount()));
                for (Constructor<?> constructor : constructors) {
                    builders.add(call(constructor, null, true));
                }
            }
        }
        builders.removeIf(builder -> builder == null);
        return builders;
    }

    /** Builds; where something is missing yet, sets the sizes first. */
    private Object build(Object builder) {
        try {
            Object made = call(builder.getClass().getMethod(BUILD), builder, false);
            if (made != null) {
                return made;
            }
            for (Method method : sorted(builder.getClass().getMethods())) {
                boolean setsSizes = Arrays.equals(method.getParameterTypes(), new Class<?>[] {int[].class});
                if (setsSizes && method.getDeclaringClass() == builder.getClass() && !method.isBridge()) {
                    method.invoke(builder, values.apply(int[].class, false));
                }
            }
            return call(builder.getClass().getMethod(BUILD), builder, false);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    private static List<Method> sorted(Method[] methods) {
        List<Method> sorted = new ArrayList<>(Arrays.asList(methods));
        sorted.sort(ORDER);
        return sorted;
    }

    /** Result of a call, null where no value is known for a parameter or the values do not suit. */
    private Object call(Executable executable, Object target, boolean startsBuilder) {
        Object[] arguments = new Object[executable.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = values.apply(executable.getParameterTypes()[i], startsBuilder);
            if (arguments[i] == null) {
                return null;
            }
        }
        try {
            return executable instanceof Constructor
                    ? ((Constructor<?>) executable).newInstance(arguments)
                    : ((Method) executable).invoke(target, arguments);
        } catch (InvocationTargetException e) {
            return null; // the values do not suit
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot call " + executable, e);
        }
    }
}
