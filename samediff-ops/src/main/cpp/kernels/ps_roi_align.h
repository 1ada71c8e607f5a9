// SPDX-License-Identifier: Apache-2.0
// Position-sensitive RoIAlign: RoIAlign (aligned, mean) with channels of its own for each cell; RegionParameters says
// which, so that the mathematics is RoiAlign's.
#pragma once

#include "roi_align.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

typedef RoiAlign PsRoiAlign;

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
