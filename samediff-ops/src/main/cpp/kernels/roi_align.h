// SPDX-License-Identifier: Apache-2.0
// RoIAlign: y = mean, or maximum, of samples spread evenly over the cell, each interpolated between four elements.
#pragma once

#include "region_sampling.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// A region with edges at x * scale - shift, sampled.
struct SampledRegion {
    static constexpr double kAnyLength = -4e9;

    SampledAxis y;
    SampledAxis x;

    POOLING_FUNCTION static SampledRegion of(const RegionParameters& p, const RegionBox& box, double shift,
                                             double least_length, Index sampling_ratio) {
        double scale = bit_cast<double>(p.scale);
        double edges[4];
        for (int i = 0; i < 4; i++) {
            edges[i] = limited(box.numbers[i] * scale) - shift;
        }
        // Not as a difference of two ends, which may be a little more than the least length, and take one sample more.
        double width = edges[2] - edges[0];
        double height = edges[3] - edges[1];
        width = width < least_length ? least_length : width;
        height = height < least_length ? least_length : height;
        return {SampledAxis::of(edges[1], height, p.rows, sampling_ratio, p.height),
                SampledAxis::of(edges[0], width, p.columns, sampling_ratio, p.width)};
    }
};

struct RoiAlign {
    static constexpr bool kShiftsCells = false;

    const RegionParameters& p;
    SampledRegion region;

    POOLING_FUNCTION RoiAlign(const RegionParameters& parameters, void* const*) : p(parameters), region() {}

    // Not aligned: coordinates name the corners of elements, and a region has one element at least along each axis.
    POOLING_FUNCTION void select(const RegionBox& box, Index) {
        bool aligned = p.options.words[1] != 0;
        region =
            SampledRegion::of(p, box, aligned ? 0.5 : 0, aligned ? SampledRegion::kAnyLength : 1, p.options.words[0]);
    }

    POOLING_FUNCTION double factor(Index, Index) const {
        return 1;
    }

    template <class Visit>
    POOLING_FUNCTION void rows(Index i, Index, const Visit& visit) const {
        for_each_weight<AlignRule>(region.y.cell(i, 0), visit);
    }

    template <class Visit>
    POOLING_FUNCTION void columns(Index, Index j, const Visit& visit) const {
        for_each_weight<AlignRule>(region.x.cell(j, 0), visit);
    }
};

// Calls visit(row, column, weight) for the elements of a sample. What has weight 0 does not matter, not even a NaN.
template <class Real, class Visit>
POOLING_FUNCTION void for_each_corner(const AxisSample& y, const AxisSample& x, const Visit& visit) {
    auto corner = [&](Index row, Index column, double weight) {
        if (weight > 0) {
            visit(row, column, static_cast<Real>(weight));
        }
    };
    corner(y.low, x.low, y.low_weight * x.low_weight);
    corner(y.low, x.high, y.low_weight * x.high_weight);
    corner(y.high, x.low, y.high_weight * x.low_weight);
    corner(y.high, x.high, y.high_weight * x.high_weight);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
