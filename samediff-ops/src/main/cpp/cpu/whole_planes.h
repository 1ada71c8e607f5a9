// SPDX-License-Identifier: Apache-2.0
// Means of whole planes whose elements lie side by side, as many planes at a time as a vector has lanes: each plane's
// elements are added in a vector of its own, whose lanes come together at the end.
#pragma once

#include "cells.h"
#include "plane_sums.h"
#include "transposition.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Arrays: x, plan, y.
template <class Storage>
class WholePlaneMeans {
public:
    WholePlaneMeans(const void* parameters, void* const* arrays)
        : p_(*static_cast<const CellParameters*>(parameters)),
          plan_{static_cast<const Index*>(arrays[1]), p_.plane_words},
          x_(static_cast<const Storage*>(arrays[0])),
          y_(static_cast<Storage*>(arrays[2])) {}

    // A lane adds so few numbers that rounding does not grow.
    bool applies() const {
        constexpr Index kMostElements = 1024;
        return p_.cells == 1 && p_.plane_words == 0 && p_.x.axes[2] == 1 && PlaneOffsets(p_.input, p_.x.axes).even() &&
               elements() <= kMostElements && is_whole(cell());
    }

    KernelStatus run() const {
        CellRow whole = cell();
        const CellArray& y = plan_.level(0).y;
        Index blocks = ceil_divide(p_.channels, kLanes);
        parallel_ranges(p_.batch * blocks, elements() * kLanes, [&](Index begin, Index end) {
            for (Index block = begin; block < end; block++) {
                MapRow first(block / blocks, block % blocks * kLanes, 0, 0);
                int planes = static_cast<int>(minimum(kLanes, p_.channels - first.channel));
                Vector means = means_of(x_ + first.offset(p_.x), planes, whole);
                store_lanes(y_ + first.offset(y), y.strides.channel, planes, means);
            }
        });
        return kSuccess;
    }

private:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

    const CellParameters& p_;
    CellPlan plan_;
    const Storage* x_;
    Storage* y_;

    Index elements() const {
        return p_.input[0] * p_.input[1] * p_.input[2];
    }

    CellRow cell() const {
        return {plan_, plan_.level(0), 0, 0, 0};
    }

    bool is_whole(const CellRow& cells) const {
        const CellRange* ranges[kAxes] = {&cells.depth, &cells.height, cells.widths};
        bool whole = true;
        for (int a = 0; a < kAxes; a++) {
            whole = whole && ranges[a]->begin == 0 && ranges[a]->end == p_.input[a];
        }
        return whole;
    }

    POOLING_FUNCTION Vector means_of(const Storage* first, int planes, const CellRow& whole) const {
        Vector sums[kLanes];
        unrolled<kLanes>([&](int i) { sums[i] = broadcast<Vector>(0); });
        for_each_vector<Vector>(elements(), [&](Index element, int count) POOLING_INLINE_LAMBDA {
            unrolled<kLanes>([&](int i) POOLING_INLINE_LAMBDA {
                const Storage* x = first + (i < planes ? i : 0) * p_.x.channel + element;
                sums[i] += count == kLanes ? load_lanes(x) : load_lanes<Vector>(x, 1, count);
                prefetch(x, kLanes * p_.x.channel);  // the next planes' part
            });
        });
        Vector sum = sums_of_lanes(sums);
        Vector mean = sum / static_cast<Real>(whole.divisor(0));
        if (all_finite(sum)) {
            return mean;
        }
        Vector of_large = halved_mean<Vector>(
            whole, 0, p_.x, [&](Index offset) { return load_lanes<Vector>(first + offset, p_.x.channel, planes); });
        return is_finite(sum) ? mean : of_large;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
