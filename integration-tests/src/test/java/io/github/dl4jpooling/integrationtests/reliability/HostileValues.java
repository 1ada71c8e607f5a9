// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import java.lang.reflect.Array;
import java.util.Random;

/** Values that nobody should pass and somebody will; in between, harmless ones, so that calls get further. */
final class HostileValues {

    private static final long[] WHOLE = {
        0, 1, 2, 3, 4, 5, 7, -1, -2, 16, 100, 1000, 65_536, 1 << 20, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE,
        Integer.MAX_VALUE + 1L, 0xffffffffL, 1L << 33, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private static final double[] REAL = {
        0, -0.0, 1, 2, 0.5, -1, 1e-3, 1e-30, 1e30, -1e30, 1e300, Float.MAX_VALUE, Double.MAX_VALUE, Double.MIN_VALUE,
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Integer.MAX_VALUE, 3e9, -3e9
    };

    private HostileValues() {}

    static long whole(Random random) {
        return WHOLE[random.nextInt(WHOLE.length)];
    }

    static double real(Random random) {
        return REAL[random.nextInt(REAL.length)];
    }

    /** A value of a primitive type, a string, an enum or an array of these; null for others, and at times for these. */
    static Object of(Class<?> type, Random random) {
        if (type == int.class) {
            return (int) whole(random);
        }
        if (type == long.class) {
            return whole(random);
        }
        if (type == double.class) {
            return real(random);
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (random.nextInt(8) == 0) {
            return null;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        }
        if (type == String.class) {
            return new String[] {"", "x", "\u0000", "a/b"}[random.nextInt(4)];
        }
        if (type.isArray()) {
            Object array = Array.newInstance(type.getComponentType(), random.nextInt(5));
            for (int i = 0; i < Array.getLength(array); i++) {
                Array.set(array, i, of(type.getComponentType(), random));
            }
            return array;
        }
        return null;
    }
}
