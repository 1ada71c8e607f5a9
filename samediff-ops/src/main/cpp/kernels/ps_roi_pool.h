// SPDX-License-Identifier: Apache-2.0
// Position-sensitive RoI pooling: y = mean of the elements of the cell, each cell from channels of its own.
#pragma once

#include "region_elements.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct PsRoiPool {
    enum Variant { kTorchvision, kRfcn };

    static constexpr bool kShiftsCells = false;

    const RegionParameters& p;
    ElementRegion region;

    POOLING_FUNCTION PsRoiPool(const RegionParameters& parameters, void* const*) : p(parameters), region() {}

    POOLING_FUNCTION static ElementAxis axis(Index variant, double start, double end, double scale, Index cells,
                                             Index size) {
        if (variant == kTorchvision) {
            double first = round_of(limited(start * scale));
            double length = round_of(limited(end * scale)) - first;
            return {first, length > 1 ? length : 1, cells, size - 1};  // torchvision never reads the last element
        }
        double first = limited(round_of(limited(start)) * scale);
        double length = limited((round_of(limited(end)) + 1) * scale) - first;
        return {first, length > 0.1 ? length : 0.1, cells, size};
    }

    POOLING_FUNCTION void select(const RegionBox& box, Index) {
        double scale = bit_cast<double>(p.scale);
        Index variant = p.options.words[0];
        region.x = axis(variant, box.numbers[0], box.numbers[2], scale, p.columns, p.width);
        region.y = axis(variant, box.numbers[1], box.numbers[3], scale, p.rows, p.height);
    }

    POOLING_FUNCTION double factor(Index, Index) const {
        return 1;
    }

    template <class Visit>
    POOLING_FUNCTION void rows(Index i, Index, const Visit& visit) const {
        for_each_in(region.y.cell(i), visit);
    }

    template <class Visit>
    POOLING_FUNCTION void columns(Index, Index j, const Visit& visit) const {
        for_each_in(region.x.cell(j), visit);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
