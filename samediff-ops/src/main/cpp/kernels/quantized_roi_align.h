// SPDX-License-Identifier: Apache-2.0
// RoIAlign of bytes: places and weights are those of RoIAlign, sums are of codes less the zero point.
#pragma once

#include "quantized_pool.h"
#include "roi_align.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Arrays: those of the region operators' forward pass, with the grids (PoolGrids) in place of an offset.
constexpr int kGrids = kOffset;

// Options: sampling ratio, aligned, and from one channel's grids to those of the next.
POOLING_FUNCTION PoolRounding rounding_of(const RegionParameters& p, const void* grids, Index channel) {
    return PoolRounding::of(static_cast<const PoolGrids*>(grids)[channel * p.options.words[2]]);
}

// What lies outside the map is the real number 0, and counts. Samples stand in order: the first or the last is outside,
// or none.
POOLING_FUNCTION bool has_sample_outside(const CellAxis& cell) {
    return cell.count > 0 && (!AlignRule::contains(cell.position(0), cell.size) ||
                              !AlignRule::contains(cell.position(cell.count - 1), cell.size));
}

// The largest of a cell's samples in steps from the zero point. element(row, column) gives a code.
template <class Element>
POOLING_FUNCTION float largest_sample(const CellAxis& rows, const CellAxis& columns, float zero,
                                      const Element& element) {
    float largest = -1e9f;
    rows.for_each<AlignRule>([&](Index, const AxisSample& y) {
        columns.for_each<AlignRule>([&](Index, const AxisSample& x) {
            float sum = 0;
            for_each_corner<float>(
                y, x, [&](Index row, Index column, float weight) { sum += (element(row, column) - zero) * weight; });
            largest = sum > largest ? sum : largest;
        });
    });
    bool outside = largest == -1e9f || has_sample_outside(rows) || has_sample_outside(columns);
    return outside && largest < 0 ? 0.0f : largest;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
