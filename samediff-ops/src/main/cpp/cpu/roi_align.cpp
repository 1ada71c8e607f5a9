// SPDX-License-Identifier: Apache-2.0
#include "../kernels/roi_align.h"

#include "region_maximum.h"
#include "region_mean.h"

namespace pooling {
namespace {

template <class Storage>
using RoiAlignPlan = MeanPlan<RoiAlign, Storage>;

}  // namespace
}  // namespace pooling

POOLING_REGION_KERNELS(roi_align, RegionSums<RoiAlignPlan>,
                       POOLING_REGION_PASSES("roi_align_max", RegionKernels<MaximumPlan>))
