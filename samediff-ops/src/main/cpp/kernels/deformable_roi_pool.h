// SPDX-License-Identifier: Apache-2.0
// Deformable RoI pooling: RoIAlign (aligned, mean) whose cells are shifted by a share of the region's size, and
// multiplied by a mask.
#pragma once

#include "deformable_region.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
struct DeformableRoiPool : DeformableRegion<Storage, AlignRule> {
    using DeformableRegion<Storage, AlignRule>::DeformableRegion;

    POOLING_FUNCTION void select(const RegionBox& box, Index) {
        this->region = SampledRegion::of(this->p, box, 0.5, SampledRegion::kAnyLength, this->sampling_ratio());
        this->number = static_cast<Index>(box.output);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
