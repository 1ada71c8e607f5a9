// SPDX-License-Identifier: Apache-2.0
// Regions of whole elements, as RoI pooling and its position-sensitive form cut them: cells may overlap by one element.
#pragma once

#include "region_sampling.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct ElementAxis {
    double start;
    double length;
    Index cells;
    Index size;  // elements from here on are not part of any cell

    POOLING_FUNCTION Range cell(Index index) const {
        if (!(length > 0)) {
            return {0, 0};
        }
        double parts = static_cast<double>(cells);
        // Multiplied before divided: the end of the last cell is the end of the region, without rounding.
        double begin = static_cast<double>(index) * length / parts + start;
        double end = static_cast<double>(index + 1) * length / parts + start;
        return clipped(floor_of(begin), ceil_of(end), size);
    }
};

struct ElementRegion {
    ElementAxis y;
    ElementAxis x;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
