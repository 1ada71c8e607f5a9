// SPDX-License-Identifier: Apache-2.0
// Blur pooling (Zhang, ICML 2019): a binomial filter at every stride-th element, y = sum_j b_j x[start + j] along each
// axis, b_j = C(f-1, j) / 2^(f-1). Linear, so that the gradient is the transposed sum.
#pragma once

#include "../core/storage.h"
#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

enum BlurPadding { kReflect = 0, kReplicate = 1, kZero = 2 };  // BlurPool.Padding

// Java fills it in (BlurPool.java). The kernels of the geometry are those of the filter. Arrays: x and y, or the
// gradients of y and x.
struct BlurParameters {
    WindowGeometry geometry;
    Index padding;  // BlurPadding
    TensorStrides x;
    TensorStrides y;
};

// The filter along an axis.
struct BinomialFilter {
    UInt64 coefficients;  // five bits each: the digits of 33^(f-1) to the base of 32
    double scale;

    POOLING_FUNCTION explicit BinomialFilter(Index size) : coefficients(1), scale(1) {
        for (Index i = 1; i < size; i++) {
            coefficients *= 33;
            scale /= 2;
        }
    }

    POOLING_FUNCTION double weight(Index tap) const {
        return static_cast<double>((coefficients >> (5 * tap)) & 31) * scale;
    }
};

// The element that stands for a place outside the map; -1: none, a zero. Reflection goes on at the other end where the
// map is short.
POOLING_FUNCTION Index padded_place(Index place, Index size, Index padding) {
    if (place >= 0 && place < size) {
        return place;
    }
    if (padding == kZero) {
        return -1;
    }
    if (padding == kReplicate || size == 1) {
        return place < 0 ? 0 : size - 1;
    }
    Index period = 2 * (size - 1);
    Index rest = remainder(place, period);
    rest = rest < 0 ? rest + period : rest;
    return rest < size ? rest : period - rest;
}

// Windows that may contain an element or places for which it stands.
POOLING_FUNCTION Range blurs_over(const WindowAxis& axis, Index padding, Index element) {
    Range windows = windows_over(axis, {element, element + 1});
    Index behind = window_start(axis, axis.output - 1) + axis.kernel - axis.input;
    if (padding != kZero && element <= axis.padding) {
        windows.begin = 0;
    }
    if (padding != kZero && element >= axis.input - 1 - behind) {
        windows.end = axis.output;
    }
    return windows;
}

// Weight of an element in a window, with that of places for which it stands.
POOLING_FUNCTION double blur_weight(const WindowAxis& axis, const BinomialFilter& filter, Index padding, Index output,
                                    Index element) {
    Index start = window_start(axis, output);
    Index tap = element - start;
    double weight = tap >= 0 && tap < axis.kernel ? filter.weight(tap) : 0;
    if (padding != kZero && (start < 0 || start + axis.kernel > axis.input)) {
        for (Index i = 0; i < axis.kernel; i++) {
            bool is_outside = start + i < 0 || start + i >= axis.input;
            weight += is_outside && padded_place(start + i, axis.input, padding) == element ? filter.weight(i) : 0;
        }
    }
    return weight;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
