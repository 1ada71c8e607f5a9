// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * What a pooling operator does where its windows and the map do not fit. With input size n, padding p (at both ends),
 * stride s and e = dilation * (kernel - 1) + 1, the number of windows along an axis is
 *
 * <ul>
 *   <li>{@link #TRUNCATE}: floor((n + 2p - e) / s) + 1. What does not fill a window is left out. DL4J's default.
 *   <li>{@link #STRICT}: the same, and an error when (n + 2p - e) is not a multiple of s.
 *   <li>{@link #SAME}: ceil(n / s), whatever the window; the padding follows from it (the odd element goes behind the
 *       map) and must not be given.
 *   <li>{@link #CEIL}: ceil((n + 2p - e) / s) + 1, less one if the last window would not start inside the map or the
 *       padding before it (PyTorch's rule). The last window is clipped.
 * </ul>
 *
 * <p>In every mode elements in the padding do not belong to a window: they have no value and do not count.
 */
public enum BorderMode {
    // The order is stored in saved graphs: new modes go to the end.
    TRUNCATE,
    STRICT,
    SAME,
    CEIL
}
