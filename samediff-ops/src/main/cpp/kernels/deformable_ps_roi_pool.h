// SPDX-License-Identifier: Apache-2.0
// Deformable position-sensitive RoI pooling: mean of the samples that lie on the map; a sample stands at the top left
// corner of its part of the cell. Cells are shifted by a share of the region's size and multiplied by a mask.
#pragma once

#include "deformable_region.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
struct DeformablePsRoiPool : DeformableRegion<Storage, DeformableRule> {
    using DeformableRegion<Storage, DeformableRule>::DeformableRegion;

    POOLING_FUNCTION SampledAxis axis(double start, double end, Index cells, Index size) const {
        double scale = bit_cast<double>(this->p.scale);
        double first = limited(round_of(limited(start)) * scale) - 0.5;
        double length = limited((round_of(limited(end)) + 1) * scale) - 0.5 - first;
        return {first, length > 0.1 ? length : 0.1, 0, cells, this->sampling_ratio(), size};
    }

    POOLING_FUNCTION void select(const RegionBox& box, Index selected_class) {
        this->region.y = axis(box.numbers[1], box.numbers[3], this->p.rows, this->p.height);
        this->region.x = axis(box.numbers[0], box.numbers[2], this->p.columns, this->p.width);
        this->number = static_cast<Index>(box.output);
        this->offset_class = selected_class;
    }

    // Samples on the map.
    POOLING_FUNCTION Index count(Index i, Index j) const {
        return DeformableRule::divisor(this->cell_y(i, j)) * DeformableRule::divisor(this->cell_x(i, j));
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
