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

/**
 * Makes objects from whatever public constructors and builders a class has, with values chosen by the types of their
 * parameters. The fewest parameters win: what they leave out is at its default.
 */
final class Maker {
    private static final String BUILDER = "builder";
    private static final String BUILD = "build";
    private static final Comparator<Executable> ORDER =
            Comparator.comparingInt(Executable::getParameterCount).thenComparing(Executable::toGenericString);

    /** Value for a parameter of a type; the truth value says whether it is one of a builder's setter. */
    private final BiFunction<Class<?>, Boolean, Object> values;

    Maker(BiFunction<Class<?>, Boolean, Object> values) {
        this.values = values;
    }

    /** An object of the class, from a constructor with parameters, a builder, or else the constructor without. */
    <T> Optional<T> make(Class<T> type) {
        List<Constructor<?>> constructors = new ArrayList<>(Arrays.asList(type.getConstructors()));
        constructors.sort(ORDER);
        for (Constructor<?> constructor : constructors) {
            if (constructor.getParameterCount() > 0) {
                Object made = call(constructor, null);
                if (made != null) {
                    return Optional.of(type.cast(made));
                }
            }
        }
        return build(type);
    }

    /** An object of the class from one of its builders. */
    <T> Optional<T> build(Class<T> type) {
        for (Object builder : builders(type)) {
            Object made = build(builder);
            if (type.isInstance(made)) {
                return Optional.of(type.cast(made));
            }
        }
        return Optional.empty();
    }

    /** Builders that static methods give, and objects of nested classes called Builder. */
    private List<Object> builders(Class<?> type) {
        List<Object> builders = new ArrayList<>();
        for (Method method : sorted(type.getMethods())) {
            if (Modifier.isStatic(method.getModifiers()) && method.getName().equals(BUILDER)) {
                builders.add(call(method, null));
            }
        }
        for (Class<?> nested : type.getClasses()) {
            if (nested.getSimpleName().equals("Builder") && !Modifier.isAbstract(nested.getModifiers())) {
                Constructor<?>[] constructors = nested.getConstructors();
                Arrays.sort(constructors, Comparator.comparingInt(c -> -c.getParameterCount()));
                for (Constructor<?> constructor : constructors) {
                    builders.add(call(constructor, null));
                }
            }
        }
        builders.removeIf(builder -> builder == null);
        return builders;
    }

    /** Builds; where something is missing yet, sets the sizes first. */
    private Object build(Object builder) {
        try {
            Object made = call(builder.getClass().getMethod(BUILD), builder);
            if (made != null) {
                return made;
            }
            for (Method method : sorted(builder.getClass().getMethods())) {
                boolean setsSizes = Arrays.equals(method.getParameterTypes(), new Class<?>[] {int[].class});
                if (setsSizes && method.getDeclaringClass() == builder.getClass() && !method.isBridge()) {
                    method.invoke(builder, values.apply(int[].class, true));
                }
            }
            return call(builder.getClass().getMethod(BUILD), builder);
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
    private Object call(Executable executable, Object target) {
        Object[] arguments = new Object[executable.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = values.apply(executable.getParameterTypes()[i], false);
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
