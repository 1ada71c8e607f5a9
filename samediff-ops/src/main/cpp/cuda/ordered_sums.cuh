// SPDX-License-Identifier: Apache-2.0
// Sums of many numbers with the same bits every time: threads add up parts, part k the addends k, k + parts, ..., and
// leave them in scratch memory, where another pass adds the parts up in their order.
#pragma once

#include "../core/window_geometry.h"
#include "gpu_kernel.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// share: addends of one part, at least.
POOLING_FUNCTION Index parts_of_sum(Index addends, Index share) {
    constexpr Index kMostParts = 1024;
    return minimum(kMostParts, (addends + share - 1) / share);
}

// step: from one part to the next.
POOLING_DEVICE double sum_of_parts(const double* parts, Index count, Index step) {
    double sum = 0;
    for (Index part = 0; part < count; part++) {
        sum += parts[part * step];
    }
    return sum;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
