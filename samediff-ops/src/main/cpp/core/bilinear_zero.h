// SPDX-License-Identifier: Apache-2.0
// Bilinear sampling of a map that is 0 outside: values fade to 0 within one element of the border.
#pragma once

#include "portability.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The two elements that a position lies between, low and low + 1, and their parts in the value and in its derivative by
// the position. What is outside the map has no part.
struct ZeroSample {
    Index low;
    double weight[2];
    double slope[2];

    POOLING_FUNCTION bool is_inside() const {
        return slope[0] != 0 || slope[1] != 0;
    }
};

// A NaN is nowhere: outside.
POOLING_FUNCTION ZeroSample zero_sample_at(double position, Index size) {
    if (!(position > -1 && position < static_cast<double>(size))) {
        return {0, {0, 0}, {0, 0}};
    }
    Index truncated = static_cast<Index>(position);
    Index low = position < static_cast<double>(truncated) ? truncated - 1 : truncated;
    double fraction = position - static_cast<double>(low);
    bool has_low = low >= 0;
    bool has_high = low + 1 < size;
    return {low,
            {has_low ? 1 - fraction : 0.0, has_high ? fraction : 0.0},
            {has_low ? -1.0 : 0.0, has_high ? 1.0 : 0.0}};
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
