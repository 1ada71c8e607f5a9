// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Ranges of an axis, [begin, end) and the axis' factor of the divisor of an average: the one place where cells of
 * operators on ranges are laid out. Begins and ends ascend, no range is empty.
 */
final class AxisRanges {

    /** Number of 64-bit words of the native struct CellRange. */
    static final int WORDS = 3;

    private static final long MOST = 1 << 24; // they stand on the heap

    private final long[] words;

    private AxisRanges(long count) {
        if (count > MOST) {
            throw new IllegalArgumentException("an axis must have " + MOST + " cells at most, got " + count);
        }
        words = new long[Math.toIntExact(WORDS * count)];
    }

    private void set(long number, long begin, long end, long divisor) {
        int next = (int) number * WORDS;
        words[next] = begin;
        words[next + 1] = end;
        words[next + 2] = divisor;
    }

    int count() {
        return words.length / WORDS;
    }

    long begin(int number) {
        return words[number * WORDS];
    }

    long end(int number) {
        return words[number * WORDS + 1];
    }

    /** Writes the native structs. */
    int writeTo(long[] target, int next) {
        System.arraycopy(words, 0, target, next, words.length);
        return next + words.length;
    }

    /** floor(i n / o) to ceil((i + 1) n / o). */
    static AxisRanges adaptive(long n, long o) {
        AxisRanges result = new AxisRanges(o);
        for (long i = 0; i < o; i++) {
            long begin = i * n / o;
            long end = ((i + 1) * n + o - 1) / o;
            result.set(i, begin, end, end - begin);
        }
        return result;
    }

    /**
     * Windows of k = ceil(n / bins) side by side over an axis with padding floor((k bins - n + 1) / 2); the divisor
     * counts padding, but nothing behind it. Null where Caffe refuses: padding of a window or more.
     */
    static AxisRanges caffe(long n, long bins) {
        long k = (n + bins - 1) / bins;
        long padding = (k * bins - n + 1) / 2;
        if (padding >= k) {
            return null;
        }
        AxisRanges result = new AxisRanges(bins);
        for (long i = 0; i < bins; i++) {
            long begin = i * k - padding;
            long end = Math.min(begin + k, n + padding);
            result.set(i, Math.max(begin, 0), Math.min(end, n), end - begin);
        }
        return result;
    }

    /** Graham's sequence: windows of k from int((i + u) alpha) - int(u alpha), alpha = (n - k) / (o - 1). */
    static AxisRanges fractional(long n, long k, long o, double u) {
        AxisRanges result = new AxisRanges(o);
        double alpha = o > 1 ? (double) (n - k) / (o - 1) : 0;
        for (long i = 0; i < o; i++) {
            long begin = i == o - 1 ? n - k : (long) ((i + u) * alpha) - (long) (u * alpha);
            result.set(i, begin, begin + k, k);
        }
        return result;
    }

    /** Windows of k from given places. */
    static AxisRanges windows(long[] begins, long k) {
        AxisRanges result = new AxisRanges(begins.length);
        for (int i = 0; i < begins.length; i++) {
            result.set(i, begins[i], begins[i] + k, k);
        }
        return result;
    }

    /** Windows of k side by side over an axis with padding floor(k / 2), cut to the axis. */
    static AxisRanges padded(long n, long k) {
        long padding = k / 2;
        AxisRanges result = new AxisRanges(Math.max(0, Math.floorDiv(n + 2 * padding - k, k) + 1));
        for (int i = 0; i < result.count(); i++) {
            long begin = Math.max(0, i * k - padding);
            long end = Math.min(n, i * k - padding + k);
            result.set(i, begin, end, end - begin);
        }
        return result;
    }

    /** Windows of k, one behind the other; what is left over at the end belongs to none. */
    static AxisRanges sideBySide(long n, long k) {
        AxisRanges result = new AxisRanges(n / k);
        for (int i = 0; i < result.count(); i++) {
            result.set(i, i * k, (i + 1) * k, k);
        }
        return result;
    }

    /** The one range of an axis that a map lacks. */
    static AxisRanges single() {
        return adaptive(1, 1);
    }
}
