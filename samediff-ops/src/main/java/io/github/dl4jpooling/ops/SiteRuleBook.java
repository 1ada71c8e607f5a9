// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Which sites of a list lie in which windows: what {@link SparseSitePool} computes with. Windows without a site are not
 * in it, so that its size, and the work to make it, depend on the number of sites alone and not on that of places.
 *
 * <p>Pairs of a window and a site in it are sorted by window, then by site, both in row-major order, with a radix sort.
 * One instance may be used by several threads.
 */
public final class SiteRuleBook {

    private static final int DIGIT_BITS = 11;
    private static final int DIGITS = 1 << DIGIT_BITS;
    private static final double MOST_PLACES = 0x1p62;
    private static final long MOST_PAIRS = Integer.MAX_VALUE - 8L; // what a Java array holds
    private static final long BYTES_PER_PAIR = 64; // of all arrays that exist at the same time, at most

    private final int dimensions;
    private final long[] coordinates;
    private final WindowGeometry geometry;
    private final long[] divisors; // of stride and dilation along each axis
    private final long[] inverses; // of the stride modulo the dilation, both without that divisor
    private final long[] keys; // of the windows: their number among those of all examples
    private final long[] firstMember;
    private final long[] members;
    private final long[] firstResult;
    private final long[] results;

    SiteRuleBook(WindowGeometry geometry, long... coordinates) {
        this.geometry = geometry;
        this.coordinates = coordinates;
        dimensions = geometry.window().dimensions();
        int sites = coordinates.length / (dimensions + 1);
        divisors = new long[dimensions];
        inverses = new long[dimensions];
        for (int axis = 0; axis < dimensions; axis++) {
            BigInteger stride = BigInteger.valueOf(geometry.window().stride()[axis]);
            BigInteger dilation = BigInteger.valueOf(geometry.window().dilation()[axis]);
            BigInteger divisor = stride.gcd(dilation);
            divisors[axis] = divisor.longValue();
            inverses[axis] = stride.divide(divisor).modInverse(dilation.divide(divisor)).longValue();
        }
        int[] order = orderOfSites(sites);
        double pairs = 0;
        for (int site : order) {
            pairs += windowsOver(site);
        }
        long mostPairs = Math.min(MOST_PAIRS, Runtime.getRuntime().maxMemory() / BYTES_PER_PAIR);
        if (pairs > mostPairs) {
            throw new IllegalArgumentException("the sites must lie in " + mostPairs + " windows at most, each counted, "
                    + "for a heap of " + Runtime.getRuntime().maxMemory() + " bytes, got " + sites + " sites in "
                    + (pairs <= Long.MAX_VALUE ? Long.toString((long) pairs) : "more than 2^63"));
        }
        long[] windows = new long[(int) pairs];
        int[] found = new int[(int) pairs];
        int next = 0;
        for (int site : order) {
            next += windowsOver(site, 0, batch(site), windows, found, next);
        }
        sort(windows, found);
        members = Arrays.stream(found).asLongStream().toArray();
        firstMember = starts(windows);
        keys = new long[firstMember.length - 1];
        Arrays.setAll(keys, row -> windows[(int) firstMember[row]]);
        firstResult = new long[sites + 1];
        results = transposed();
    }

    /** Row-major, each place once. */
    private int[] orderOfSites(int sites) {
        long[] places = new long[sites];
        int[] order = new int[sites];
        for (int site = 0; site < sites; site++) {
            long place = batch(site);
            for (int axis = 0; axis < dimensions; axis++) {
                place = place * geometry.inputSize(axis) + coordinate(site, axis);
            }
            places[site] = place;
            order[site] = site;
        }
        sort(places, order);
        for (int i = 1; i < sites; i++) {
            if (places[i] == places[i - 1]) {
                throw new IllegalArgumentException("every site must be there once, got "
                        + describe(order[i]) + " in rows " + order[i - 1] + " and " + order[i]);
            }
        }
        return order;
    }

    /** Checks coordinates, which may come from anywhere. */
    static void check(WindowGeometry geometry, long... coordinates) {
        int dimensions = geometry.window().dimensions();
        double places = 1;
        for (int axis = 0; axis < dimensions; axis++) {
            places *= Math.max(geometry.inputSize(axis), geometry.outputSize(axis));
        }
        if (places > MOST_PLACES) {
            throw new IllegalArgumentException("a map must have 2^62 places at most, got "
                    + Arrays.toString(geometry.inputShape()));
        }
        long mostExamples = (long) (MOST_PLACES / places);
        for (int i = 0; i < coordinates.length; i++) {
            int column = i % (dimensions + 1);
            long most = (column == 0 ? mostExamples : geometry.inputSize(column - 1)) - 1;
            if (coordinates[i] < 0 || coordinates[i] > most) {
                throw new IllegalArgumentException("column " + column + " of the sites must be from 0 to " + most
                        + ", got " + coordinates[i] + " in row " + i / (dimensions + 1));
            }
        }
    }

    private long batch(int site) {
        return coordinates[site * (dimensions + 1)];
    }

    private long coordinate(int site, int axis) {
        return coordinates[site * (dimensions + 1) + 1 + axis];
    }

    private String describe(int site) {
        int begin = site * (dimensions + 1);
        return Arrays.toString(Arrays.copyOfRange(coordinates, begin, begin + dimensions + 1));
    }

    /** How many windows hold a site. */
    private double windowsOver(int site) {
        double count = 1;
        for (int axis = 0; axis < dimensions; axis++) {
            count *= Math.max(0, 1 + Math.floorDiv(lastWindow(site, axis) - firstWindow(site, axis), period(axis)));
        }
        return count;
    }

    /** Writes down the windows that hold a site, and returns how many they are. */
    private int windowsOver(int site, int axis, long outer, long[] windows, int[] found, int next) {
        if (axis == dimensions) {
            windows[next] = outer;
            found[next] = site;
            return 1;
        }
        int count = 0;
        long last = lastWindow(site, axis);
        for (long o = firstWindow(site, axis); o <= last; o += period(axis)) {
            count += windowsOver(site, axis + 1, outer * geometry.outputSize(axis) + o, windows, found, next + count);
        }
        return count;
    }

    /** How far the windows that hold a site are apart along an axis, which dilation makes more than 1. */
    private long period(int axis) {
        return geometry.window().dilation()[axis] / divisors[axis];
    }

    private long distanceFromFirst(int site, int axis) {
        return coordinate(site, axis) - geometry.windowStart(axis, 0);
    }

    private long lastWindow(int site, int axis) {
        return Math.min(geometry.outputSize(axis) - 1,
                distanceFromFirst(site, axis) / geometry.window().stride()[axis]);
    }

    /** Behind the last one, if there is none. */
    private long firstWindow(int site, int axis) {
        long distance = distanceFromFirst(site, axis);
        if (distance % divisors[axis] != 0) {
            return Long.MAX_VALUE;
        }
        long stride = geometry.window().stride()[axis];
        long reach = (long) geometry.window().dilation()[axis] * (geometry.window().kernel()[axis] - 1);
        long least = Math.max(0, Math.floorDiv(distance - reach + stride - 1, stride));
        // Of a window o over the site, the distance less o strides is a multiple of the dilation.
        long residue = distance / divisors[axis] % period(axis) * inverses[axis] % period(axis);
        return least + Math.floorMod(residue - least, period(axis));
    }

    private static long[] starts(long... sorted) {
        long[] starts = new long[sorted.length + 1];
        int runs = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                starts[runs++] = i;
            }
        }
        starts[runs] = sorted.length;
        return Arrays.copyOf(starts, runs + 1);
    }

    private long[] transposed() {
        for (long site : members) {
            firstResult[(int) site + 1]++;
        }
        for (int site = 1; site < firstResult.length; site++) {
            firstResult[site] += firstResult[site - 1];
        }
        long[] next = firstResult.clone();
        long[] transposed = new long[members.length];
        for (int row = 0; row < keys.length; row++) {
            for (long i = firstMember[row]; i < firstMember[row + 1]; i++) {
                transposed[(int) next[(int) members[(int) i]]++] = row;
            }
        }
        return transposed;
    }

    /** Sorts keys, none of them negative, and moves the values with them. Equal keys stay in their order. */
    private static void sort(long[] keys, int... values) {
        long most = 0;
        for (long key : keys) {
            most |= key;
        }
        long[] from = keys;
        int[] valuesFrom = values;
        long[] to = new long[keys.length];
        int[] valuesTo = new int[keys.length];
        for (int shift = 0; shift < Long.SIZE && most >>> shift != 0; shift += DIGIT_BITS) {
            int[] next = new int[DIGITS + 1];
            for (long key : from) {
                next[(int) (key >>> shift & DIGITS - 1) + 1]++;
            }
            for (int digit = 1; digit < DIGITS; digit++) {
                next[digit] += next[digit - 1];
            }
            for (int i = 0; i < from.length; i++) {
                int place = next[(int) (from[i] >>> shift & DIGITS - 1)]++;
                to[place] = from[i];
                valuesTo[place] = valuesFrom[i];
            }
            long[] spare = from;
            from = to;
            to = spare;
            int[] spareValues = valuesFrom;
            valuesFrom = valuesTo;
            valuesTo = spareValues;
        }
        if (from != keys) {
            System.arraycopy(from, 0, keys, 0, keys.length);
            System.arraycopy(valuesFrom, 0, values, 0, values.length);
        }
    }

    boolean isOf(WindowGeometry other, long... otherCoordinates) {
        return geometry.window().equals(other.window())
                && Arrays.equals(geometry.inputShape(), other.inputShape())
                && Arrays.equals(coordinates, otherCoordinates);
    }

    /** @return number of windows that hold a site: rows of the result */
    public int rows() {
        return keys.length;
    }

    /** @return number of pairs of a window and a site in it; the work of pooling is this number times the channels */
    public int pairs() {
        return members.length;
    }

    /** @return for each window where its sites begin in {@link #members}, and their number at the end */
    public long[] firstMember() {
        return firstMember.clone();
    }

    /** @return the sites of the first window, then those of the next, as rows of the list; row-major in each window */
    public long[] members() {
        return members.clone();
    }

    /** @return for each site where its windows begin in {@link #results}, and their number at the end */
    public long[] firstResult() {
        return firstResult.clone();
    }

    /** @return the windows over the first site of the list, then those over the next, as rows of the result */
    public long[] results() {
        return results.clone();
    }

    /** @return the coordinates of the windows: number of the example, then the window along each axis, row by row */
    public long[] windows() {
        long[] windows = new long[keys.length * (dimensions + 1)];
        for (int row = 0; row < keys.length; row++) {
            int begin = row * (dimensions + 1);
            long rest = keys[row];
            for (int axis = dimensions - 1; axis >= 0; axis--) {
                windows[begin + 1 + axis] = rest % geometry.outputSize(axis);
                rest /= geometry.outputSize(axis);
            }
            windows[begin] = rest;
        }
        return windows;
    }
}
