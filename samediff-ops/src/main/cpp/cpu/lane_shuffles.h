// SPDX-License-Identifier: Apache-2.0
// Lanes in another order: every second one, neighbours, and numbers of lanes.
#pragma once

#include "lanes.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

#if defined(__clang__)
#define POOLING_SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define POOLING_SHUFFLE(a, b, ...) __builtin_shuffle(a, b, typename RealTraits<Vector>::Bits{__VA_ARGS__})
#endif

template <class Vector, int... I>
POOLING_FUNCTION Vector even_lanes(Vector a, Vector b, Indices<I...>) {
    return POOLING_SHUFFLE(a, b, (2 * I)...);
}

template <class Vector, int... I>
POOLING_FUNCTION Vector odd_lanes(Vector a, Vector b, Indices<I...>) {
    return POOLING_SHUFFLE(a, b, (2 * I + 1)...);
}

template <class Vector, int Half, int... I>
POOLING_FUNCTION Vector interleaved_lanes(Vector a, Vector b, Indices<I...>) {
    constexpr int n = lane_count<Vector>();
    return POOLING_SHUFFLE(a, b, (Half * n / 2 + I / 2 + (I % 2) * n)...);
}

// Of two vectors side by side, all but the first lanes of the first one.
template <class Vector, int Shift, int... I>
POOLING_FUNCTION Vector shifted_lanes(Vector a, Vector b, Indices<I...>) {
    return POOLING_SHUFFLE(a, b, (I + Shift)...);
}

#undef POOLING_SHUFFLE

template <class Vector>
using AllLanes = typename MakeIndices<lane_count<Vector>()>::Type;

template <class Vector, int... I>
POOLING_FUNCTION typename RealTraits<Vector>::Bits lane_numbers(Indices<I...>) {
    return typename RealTraits<Vector>::Bits{I...};
}

// 0, 1, 2 ...
template <class Vector>
POOLING_FUNCTION typename RealTraits<Vector>::Bits lane_numbers() {
    return lane_numbers<Vector>(AllLanes<Vector>());
}

// Whether lanes are in the range.
template <class Vector>
POOLING_FUNCTION auto lanes_between(Index begin, Index end) {
    typedef typename RealTraits<typename RealTraits<Vector>::Element>::Bits Lane;
    auto lanes = lane_numbers<Vector>();
    return (lanes >= static_cast<Lane>(begin)) & (lanes < static_cast<Lane>(end));
}

// Tap of a vector of windows that begin with the first of the columns, one or two apart. The columns are as many
// vectors side by side as the stride, and one more for taps behind them.
template <int Stride, int Tap, class Vector>
POOLING_FUNCTION Vector tap_of_columns(const Vector* columns) {
    static_assert(Stride == 1 || (Stride == 2 && Tap < 3), "other taps need more shuffles");
    if constexpr (Tap == 0 && Stride == 1) {
        return columns[0];
    } else if constexpr (Stride == 1) {
        return shifted_lanes<Vector, Tap>(columns[0], columns[1], AllLanes<Vector>());
    } else if constexpr (Tap == 1) {
        return odd_lanes<Vector>(columns[0], columns[1], AllLanes<Vector>());
    } else {
        Vector even = even_lanes<Vector>(columns[0], columns[1], AllLanes<Vector>());
        return Tap == 0 ? even : shifted_lanes<Vector, 1>(even, columns[2], AllLanes<Vector>());
    }
}

// 2 * count consecutive elements, apart in even and odd ones.
template <class Vector>
struct LanePair {
    Vector even;
    Vector odd;
};

template <class Vector, class Storage>
POOLING_FUNCTION LanePair<Vector> load_lane_pair(const Storage* p, int count) {
    constexpr int n = lane_count<Vector>();
    Vector a, b;
    if (count == n) {
        a = load_lanes(p);
        b = load_lanes(p + n);
    } else {
        a = load_lanes<Vector>(p, 1, 2 * count < n ? 2 * count : n);
        b = 2 * count > n ? load_lanes<Vector>(p + n, 1, 2 * count - n) : a;
    }
    return {even_lanes<Vector>(a, b, AllLanes<Vector>()), odd_lanes<Vector>(a, b, AllLanes<Vector>())};
}

template <class Vector, class Storage>
POOLING_FUNCTION void store_lane_pair(Storage* p, int count, Vector even, Vector odd) {
    constexpr int n = lane_count<Vector>();
    Vector a = interleaved_lanes<Vector, 0>(even, odd, AllLanes<Vector>());
    Vector b = interleaved_lanes<Vector, 1>(even, odd, AllLanes<Vector>());
    if (count == n) {
        store_lanes(p, a);
        store_lanes(p + n, b);
        return;
    }
    store_lanes(p, 1, 2 * count < n ? 2 * count : n, a);
    if (2 * count > n) {
        store_lanes(p + n, 1, 2 * count - n, b);
    }
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
