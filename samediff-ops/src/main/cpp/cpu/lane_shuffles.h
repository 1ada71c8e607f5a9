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

// With lanes of vector number Part of those that hold every Stride-th element: the ones before have theirs.
template <class Vector, int Stride, int Part, int... I>
POOLING_FUNCTION Vector lanes_of_part(Vector before, Vector part, Indices<I...>) {
    constexpr int n = lane_count<Vector>();
    constexpr int first = Part < Stride - 1 ? Part * n : (n - 1) * (Stride - 1);
    return POOLING_SHUFFLE(before, part,
                           (I * Stride >= Part * n ? n + (I * Stride - first) % n
                            : Part == 1            ? I * Stride
                                                   : I)...);
}

// Part of the interleaved lanes of as many vectors as the stride, with those of vector number Tap: the ones before have
// theirs.
template <class Vector, int Stride, int Part, int Tap, int... I>
POOLING_FUNCTION Vector lanes_of_tap(Vector before, Vector tap, Indices<I...>) {
    constexpr int n = lane_count<Vector>();
    constexpr int first = Part * n;
    return POOLING_SHUFFLE(before, tap,
                           ((first + I) % Stride == Tap ? n + (first + I) / Stride
                            : Tap == 1                  ? (first + I) / Stride
                                                        : I)...);
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

// Every Stride-th element. Nothing behind the last lane's is read, and nothing twice but by the last vector.
template <class Vector, int Stride, int Part = Stride - 1, class Storage>
POOLING_FUNCTION Vector load_lanes_apart(const Storage* p) {
    if constexpr (Part == 0) {
        return load_lanes(p);
    } else {
        constexpr int n = lane_count<Vector>();
        Vector before = load_lanes_apart<Vector, Stride, Part - 1>(p);
        Vector part = load_lanes(p + (Part < Stride - 1 ? Part * n : (n - 1) * (Stride - 1)));
        return lanes_of_part<Vector, Stride, Part>(before, part, AllLanes<Vector>());
    }
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

template <class Vector, int Stride, int Part, int Tap = Stride - 1>
POOLING_FUNCTION Vector interleaved_taps(const Vector* taps) {
    if constexpr (Tap == 0) {
        return taps[0];
    } else {
        Vector before = interleaved_taps<Vector, Stride, Part, Tap - 1>(taps);
        return lanes_of_tap<Vector, Stride, Part, Tap>(before, taps[Tap], AllLanes<Vector>());
    }
}

template <class Vector, int Width, class Storage, int... Part>
POOLING_FUNCTION void store_interleaved(Storage* p, const Vector* taps, Indices<Part...>) {
    (store_lanes(p + Part * lane_count<Vector>(), interleaved_taps<Vector, Width, Part>(taps)), ...);
}

// Of windows side by side: their first elements, their second ones, and so on.
template <class Vector, int Width, class Storage>
POOLING_FUNCTION void load_taps(const Storage* p, int windows, Vector* taps) {
    if constexpr (Width == 2) {
        LanePair<Vector> pair = load_lane_pair<Vector>(p, windows);
        taps[0] = pair.even;
        taps[1] = pair.odd;
    } else if (windows == lane_count<Vector>()) {
        unrolled<Width>([&](int tap) { taps[tap] = load_lanes_apart<Vector, Width>(p + tap); });
    } else {
        unrolled<Width>([&](int tap) { taps[tap] = load_lanes<Vector>(p + tap, Width, windows); });
    }
}

template <class Vector, int Width, class Storage>
POOLING_FUNCTION void store_taps(Storage* p, int windows, const Vector* taps) {
    if constexpr (Width == 2) {
        store_lane_pair(p, windows, taps[0], taps[1]);
    } else if (windows == lane_count<Vector>()) {
        store_interleaved<Vector, Width>(p, taps, typename MakeIndices<Width>::Type());
    } else {
        unrolled<Width>([&](int tap) { store_lanes(p + tap, Width, windows, taps[tap]); });
    }
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
