// SPDX-License-Identifier: Apache-2.0
// Weighted sums over parts of a map: rows times columns, each with a weight. Positions and weights of a region are
// worked out once and serve all its channels.
#pragma once

#include "../kernels/region_sampling.h"
#include "growing_array.h"
#include "lanes.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Real>
struct Tap {
    Index offset;  // of the row or column, in elements of the array
    Real weight;
};

// Rows times columns: parts of the taps of both axes.
struct Patch {
    Range rows;
    Range columns;
};

// Lists of taps. Elements are given in rising order; equal ones become one tap, those of weight 0 none, so that what
// stands there does not matter, not even a NaN.
template <class Real>
class TapLists {
public:
    void clear() {
        taps_.clear();
    }

    // fill(visit) calls visit(element, weight).
    template <class Fill>
    Range add(Index stride, const Fill& fill) {
        Index begin = taps_.size();
        double sum[2] = {0, 0};  // of the last two elements: samples share no more
        Index element[2] = {-1, -1};
        auto flush = [&](int i) {
            if (!(sum[i] == 0)) {
                taps_.add({element[i] * stride, static_cast<Real>(sum[i])});
            }
        };
        fill([&](Index e, double weight) {
            if (e == element[1]) {
                sum[1] += weight;
            } else if (e == element[0]) {
                sum[0] += weight;
            } else {
                flush(0);
                element[0] = element[1];
                sum[0] = sum[1];
                element[1] = e;
                sum[1] = weight;
            }
        });
        flush(0);
        flush(1);
        return {begin, taps_.size()};
    }

    // Widens ranges of offsets, from the first to the last, to those of the patches.
    void cover(const GrowingArray<Patch>& patches, Range& rows, Range& columns) const {
        for (Index i = 0; i < patches.size(); i++) {
            cover(patches[i].rows, rows);
            cover(patches[i].columns, columns);
        }
    }

    bool failed() const {
        return taps_.failed();
    }

    const Tap<Real>& operator[](Index i) const {
        return taps_[i];
    }

private:
    GrowingArray<Tap<Real>> taps_;

    void cover(Range list, Range& offsets) const {
        if (list.size() > 0) {
            offsets.begin = minimum(offsets.begin, taps_[list.begin].offset);
            offsets.end = maximum(offsets.end, taps_[list.end - 1].offset);
        }
    }
};

// Vector: numbers of neighbouring channels, or one.
template <class Vector, class Real, class Storage>
POOLING_FUNCTION Vector patch_sum(const TapLists<Real>& taps, const Patch& patch, const Storage* map,
                                  Index channel_stride, int lanes) {
    Vector sum{};
    for (Index r = patch.rows.begin; r < patch.rows.end; r++) {
        const Storage* row = map + taps[r].offset;
        Vector row_sum{};
        for (Index c = patch.columns.begin; c < patch.columns.end; c++) {
            row_sum += load_lanes<Vector>(row + taps[c].offset, channel_stride, lanes) * taps[c].weight;
        }
        sum += row_sum * taps[r].weight;
    }
    return sum;
}

// The same for N vectors of channels that lie side by side, added to sums; lanes: of the last vector, if it is the only
// one.
template <int N, class Vector, class Real, class Storage>
POOLING_FUNCTION void add_patch(const TapLists<Real>& taps, const Patch& patch, const Storage* map, int lanes,
                                Vector* sums) {
    constexpr int n = lane_count<Vector>();
    for (Index r = patch.rows.begin; r < patch.rows.end; r++) {
        const Storage* row = map + taps[r].offset;
        Vector row_sums[N];
        unrolled<N>([&](int k) { row_sums[k] = Vector{}; });
        for (Index c = patch.columns.begin; c < patch.columns.end; c++) {
            const Storage* x = row + taps[c].offset;
            Real weight = taps[c].weight;
            unrolled<N>([&](int k) { row_sums[k] += load_lanes<Vector>(x + k * n, 1, N == 1 ? lanes : n) * weight; });
        }
        Real weight = taps[r].weight;
        unrolled<N>([&](int k) { sums[k] += row_sums[k] * weight; });
    }
}

// Adds gradient * weights to a map of Real with N vectors of channels side by side.
template <int N, class Vector, class Real>
POOLING_FUNCTION void patch_spread(const TapLists<Real>& taps, const Patch& patch, const Vector* gradients, Real* map) {
    constexpr int n = sizeof(Vector) / sizeof(Real);
    for (Index r = patch.rows.begin; r < patch.rows.end; r++) {
        Real* row = map + taps[r].offset;
        Vector row_gradients[N];
        unrolled<N>([&](int k) { row_gradients[k] = gradients[k] * taps[r].weight; });
        for (Index c = patch.columns.begin; c < patch.columns.end; c++) {
            Real* place = row + taps[c].offset;
            Real weight = taps[c].weight;
            unrolled<N>([&](int k) {
                store_unaligned(place + k * n, load_unaligned<Vector>(place + k * n) + row_gradients[k] * weight);
            });
        }
    }
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
