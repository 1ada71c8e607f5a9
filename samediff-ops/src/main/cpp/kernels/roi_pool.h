// SPDX-License-Identifier: Apache-2.0
// RoI pooling: y = max over the elements of the cell. The first maximum, row by row, gets the whole gradient; a NaN in
// the cell makes y NaN and gets it instead. An empty cell gives 0.
#pragma once

#include "region_elements.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct RoiPool {
    enum Variant { kTorchvision, kMmcv };

    POOLING_FUNCTION static ElementAxis axis(Index variant, double start, double end, double scale, Index cells,
                                             Index size) {
        if (variant == kTorchvision) {
            double first = round_of(limited(start * scale));
            double length = round_of(limited(end * scale)) - first + 1;
            return {first, length > 1 ? length : 1, cells, size};
        }
        double first = limited(start * scale);
        return {first, limited((end + 1) * scale) - first, cells, size};
    }

    POOLING_FUNCTION static ElementRegion region(const RegionParameters& p, const RegionBox& box) {
        double scale = bit_cast<double>(p.scale);
        Index variant = p.options.words[0];
        ElementAxis x = axis(variant, box.numbers[0], box.numbers[2], scale, p.columns, p.width);
        ElementAxis y = axis(variant, box.numbers[1], box.numbers[3], scale, p.rows, p.height);
        return {y, x};
    }

    template <class Real>
    struct Maximum {
        Real value;
        Index index;  // -1: none
    };

    template <class Real>
    POOLING_FUNCTION static void take(Maximum<Real>& m, Real value, Index index) {
        if (m.index < 0 || is_beyond(value, m.value)) {
            m = {value, index};
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
