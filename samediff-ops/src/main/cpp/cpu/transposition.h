// SPDX-License-Identifier: Apache-2.0
// Lanes from elements that lie side by side, and back: squares of as many rows as a vector has lanes are transposed in
// registers.
#pragma once

#include "lane_shuffles.h"
#include "vector_parts.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Rotates the bits of an element's place (row, then lane) by one.
template <class Vector>
POOLING_FUNCTION void rotate_places(Vector* rows) {
    constexpr int n = lane_count<Vector>();
    Vector next[n];
    unrolled<n / 2>([&](int i) {
        next[2 * i] = interleaved_lanes<Vector, 0>(rows[i], rows[i + n / 2], AllLanes<Vector>());
        next[2 * i + 1] = interleaved_lanes<Vector, 1>(rows[i], rows[i + n / 2], AllLanes<Vector>());
    });
    unrolled<n>([&](int i) { rows[i] = next[i]; });
}

template <class Vector, int Lanes = lane_count<Vector>()>
POOLING_FUNCTION void transpose(Vector* rows) {
    if constexpr (Lanes > 1) {
        rotate_places(rows);
        transpose<Vector, Lanes / 2>(rows);
    }
}

// Of as many vectors as a vector has lanes, the sum of each one's lanes.
template <class Vector, int Count = lane_count<Vector>()>
POOLING_FUNCTION Vector sums_of_lanes(Vector* rows) {
    if constexpr (Count == 1) {
        return rows[0];
    } else {
        unrolled<Count / 2>([&](int i) {
            Vector other = rows[i + Count / 2];
            rows[i] = interleaved_lanes<Vector, 0>(rows[i], other, AllLanes<Vector>()) +
                      interleaved_lanes<Vector, 1>(rows[i], other, AllLanes<Vector>());
        });
        return sums_of_lanes<Vector, Count / 2>(rows);
    }
}

// target[i * pitch + lane] = p[lane * stride + i] for i < count; lanes behind `lanes` become 0.
template <class Vector, class Storage>
void load_transposed(const Storage* p, Index stride, int lanes, Index count,
                     typename RealTraits<Vector>::Element* target, Index pitch) {
    constexpr int n = lane_count<Vector>();
    if (count == 1) {
        store_lanes(target, load_lanes<Vector>(p, stride, lanes));
        return;
    }
    for_each_whole_vector<Vector>(count, [&](Index begin, int width) POOLING_INLINE_LAMBDA {
        Vector rows[n];
        if (lanes == n && width == n) {
            unrolled<n>([&](int i) {
                rows[i] = load_lanes(p + i * stride + begin);
                prefetch(p + i * stride + begin, n * stride);  // the next channels' part of the same places
            });
        } else {
            unrolled<n>([&](int i) {
                rows[i] = load_lanes<Vector>(p + (i < lanes ? i * stride : 0) + begin, 1, i < lanes ? width : 0);
            });
        }
        transpose(rows);
        unrolled<n>([&](int i) {
            if (i < width) {
                store_lanes(target + (begin + i) * pitch, rows[i]);
            }
        });
    });
}

// The inverse: calls store(lane, first element, number of elements, vector) for the elements source[i * pitch + lane].
template <class Vector, class Store>
POOLING_FUNCTION void for_each_transposed(const typename RealTraits<Vector>::Element* source, Index pitch, int lanes,
                                          Index count, const Store& store) {
    constexpr int n = lane_count<Vector>();
    for_each_whole_vector<Vector>(count, [&](Index begin, int width) POOLING_INLINE_LAMBDA {
        Vector rows[n];
        unrolled<n>([&](int i) { rows[i] = load_lanes(source + (begin + (i < width ? i : 0)) * pitch); });
        transpose(rows);
        unrolled<n>([&](int i) {
            if (i < lanes) {
                store(i, begin, width, rows[i]);
            }
        });
    });
}

// p[lane * stride + i] = source[i * pitch + lane].
template <class Vector, class Storage>
void store_transposed(Storage* p, Index stride, int lanes, Index count,
                      const typename RealTraits<Vector>::Element* source, Index pitch) {
    if (count == 1) {
        store_lanes(p, stride, lanes, load_lanes(source));
        return;
    }
    for_each_transposed<Vector>(source, pitch, lanes, count,
                                [&](int lane, Index begin, int width, Vector v)
                                    POOLING_INLINE_LAMBDA { store_lanes(p + lane * stride + begin, 1, width, v); });
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
