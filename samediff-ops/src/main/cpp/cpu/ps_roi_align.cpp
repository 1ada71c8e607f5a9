// SPDX-License-Identifier: Apache-2.0
#include "../kernels/ps_roi_align.h"

#include "region_mean.h"

namespace pooling {
namespace {

template <class Storage>
using PsRoiAlignPlan = MeanPlan<PsRoiAlign, Storage>;

}  // namespace
}  // namespace pooling

POOLING_REGION_KERNELS(ps_roi_align, RegionSums<PsRoiAlignPlan>, )
