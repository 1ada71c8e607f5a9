// SPDX-License-Identifier: Apache-2.0
// What the deformable region operators share: sampled cells, each shifted by a learned offset and multiplied by a mask.
#pragma once

#include "../core/storage.h"
#include "roi_align.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Rule: which samples lie on the map, and by how many a cell's sum is divided. A subclass has select().
template <class Storage, class Rule>
struct DeformableRegion {
    static constexpr bool kShiftsCells = true;

    const RegionParameters& p;
    const Storage* offset;
    const Storage* mask;
    SampledRegion region;
    Index number;  // of the region
    Index offset_class;

    POOLING_FUNCTION DeformableRegion(const RegionParameters& parameters, void* const* arrays)
        : p(parameters),
          offset(static_cast<const Storage*>(arrays[kOffset])),
          mask(static_cast<const Storage*>(arrays[kMask])),
          region(),
          number(0),
          offset_class(0) {}

    POOLING_FUNCTION Index sampling_ratio() const {
        return p.options.words[0];
    }

    // How far cells move for an offset of 1.
    POOLING_FUNCTION double reach_x() const {
        return p.options.real(1) * region.x.length;
    }

    POOLING_FUNCTION double reach_y() const {
        return p.options.real(1) * region.y.length;
    }

    // Offsets have rows and columns of their own; several cells may share one.
    POOLING_FUNCTION Index offset_rows() const {
        return p.options.words[2];
    }

    POOLING_FUNCTION Index offset_columns() const {
        return p.options.words[3];
    }

    POOLING_FUNCTION Index offset_row(Index i) const {
        return quotient(i * offset_rows(), p.rows);
    }

    POOLING_FUNCTION Index offset_column(Index j) const {
        return quotient(j * offset_columns(), p.columns);
    }

    // axis: 0 for x, 1 for y. 0 without offsets.
    POOLING_FUNCTION double offset_at(Index axis, Index i, Index j) const {
        if (offset == nullptr) {
            return 0;
        }
        Index place = p.offset.at(number, 2 * offset_class + axis, offset_row(i), offset_column(j));
        return static_cast<double>(load(offset + place));
    }

    POOLING_FUNCTION double mask_at(Index i, Index j) const {
        return mask == nullptr ? 1 : static_cast<double>(load(mask + p.mask.at(number, 0, i, j)));
    }

    // A NaN as offset puts the samples nowhere: the result must be NaN all the same.
    POOLING_FUNCTION double known(Index i, Index j) const {
        double x = offset_at(0, i, j);
        double y = offset_at(1, i, j);
        return x == x && y == y ? 1 : x + y;
    }

    POOLING_FUNCTION double factor(Index i, Index j) const {
        return mask_at(i, j) * known(i, j);
    }

    POOLING_FUNCTION CellAxis cell_y(Index i, Index j) const {
        return region.y.cell(i, reach_y() * offset_at(1, i, j));
    }

    POOLING_FUNCTION CellAxis cell_x(Index i, Index j) const {
        return region.x.cell(j, reach_x() * offset_at(0, i, j));
    }

    template <class Visit>
    POOLING_FUNCTION void rows(Index i, Index j, const Visit& visit) const {
        for_each_weight<Rule>(cell_y(i, j), visit);
    }

    template <class Visit>
    POOLING_FUNCTION void columns(Index i, Index j, const Visit& visit) const {
        for_each_weight<Rule>(cell_x(i, j), visit);
    }

    template <class Visit>
    POOLING_FUNCTION void row_slopes(Index i, Index j, const Visit& visit) const {
        for_each_slope<Rule>(cell_y(i, j), visit);
    }

    template <class Visit>
    POOLING_FUNCTION void column_slopes(Index i, Index j, const Visit& visit) const {
        for_each_slope<Rule>(cell_x(i, j), visit);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
