// SPDX-License-Identifier: Apache-2.0
// Where the windows of a pooling operator lie. One geometry serves 1-D, 2-D and 3-D maps: missing axes have size 1.
// The structs hold 64-bit fields only; Java fills them in declaration order (WindowGeometry.java).
#pragma once

#include "portability.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

constexpr int kAxes = 3;  // depth, height, width

struct WindowAxis {
    Index input;
    Index output;
    Index kernel;
    Index stride;
    Index padding;  // before the first element
    Index dilation;
    Index trailing_padding;  // behind the last element; only what counts padding needs it
};

struct WindowGeometry {
    Index batch;
    Index channels;
    WindowAxis axes[kAxes];
};

// In elements, not bytes.
struct TensorStrides {
    Index batch;
    Index channel;
    Index axes[kAxes];
};

struct Range {
    Index begin;
    Index end;

    POOLING_FUNCTION Index size() const {
        return end - begin;
    }
};

POOLING_FUNCTION Index minimum(Index a, Index b) {
    return a < b ? a : b;
}

POOLING_FUNCTION Index maximum(Index a, Index b) {
    return a > b ? a : b;
}

// For a positive divisor; the dividend may be negative.
POOLING_FUNCTION Index floor_divide(Index dividend, Index divisor) {
    Index truncated = quotient(dividend, divisor);
    return dividend - truncated * divisor < 0 ? truncated - 1 : truncated;
}

POOLING_FUNCTION Index ceil_divide(Index dividend, Index divisor) {
    return -floor_divide(-dividend, divisor);
}

POOLING_FUNCTION Index window_start(const WindowAxis& axis, Index output) {
    return output * axis.stride - axis.padding;
}

// Taps of one window that lie inside the map; empty (begin == end) when none does.
POOLING_FUNCTION Range valid_taps(const WindowAxis& axis, Index output) {
    Index start = window_start(axis, output);
    Index begin = start < 0 ? ceil_divide(-start, axis.dilation) : 0;
    Index end = minimum(axis.kernel, ceil_divide(axis.input - start, axis.dilation));
    return {begin, maximum(begin, end)};
}

// Taps of a window inside the padded map, along one axis.
POOLING_FUNCTION Index padded_taps(const WindowAxis& axis, Index output) {
    Index room = axis.input + axis.trailing_padding - window_start(axis, output);
    return maximum(0, minimum(axis.kernel, ceil_divide(room, axis.dilation)));
}

// Windows all of whose taps lie inside the map.
POOLING_FUNCTION Range interior_windows(const WindowAxis& axis) {
    Index begin = ceil_divide(axis.padding, axis.stride);
    Index last_start = axis.input - 1 - (axis.kernel - 1) * axis.dilation;
    Index end = minimum(axis.output, floor_divide(last_start + axis.padding, axis.stride) + 1);
    begin = minimum(begin, axis.output);
    return {begin, maximum(begin, end)};
}

// Windows that may contain one of the inputs; with a dilation some of them step over a given input.
POOLING_FUNCTION Range windows_over(const WindowAxis& axis, Range inputs) {
    Index reach = (axis.kernel - 1) * axis.dilation;
    Index begin = maximum(0, ceil_divide(inputs.begin + axis.padding - reach, axis.stride));
    Index end = minimum(axis.output, floor_divide(inputs.end - 1 + axis.padding, axis.stride) + 1);
    return {begin, maximum(begin, end)};
}

POOLING_FUNCTION bool window_contains(const WindowAxis& axis, Index output, Index input) {
    Index offset = input - window_start(axis, output);
    return offset >= 0 && remainder(offset, axis.dilation) == 0 && quotient(offset, axis.dilation) < axis.kernel;
}

// Which tap of a window that contains an input it is.
POOLING_FUNCTION Index tap_of(const WindowAxis& axis, Index output, Index input) {
    return quotient(input - window_start(axis, output), axis.dilation);
}

// The same along all axes: the tap's place in the whole kernel, row by row.
POOLING_FUNCTION Index tap_number(const WindowGeometry& g, const Index* output, const Index* input) {
    Index number = 0;
    for (int a = 0; a < kAxes; a++) {
        number = number * g.axes[a].kernel + tap_of(g.axes[a], output[a], input[a]);
    }
    return number;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
