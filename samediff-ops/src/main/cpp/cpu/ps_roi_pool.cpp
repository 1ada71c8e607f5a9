// SPDX-License-Identifier: Apache-2.0
#include "../kernels/ps_roi_pool.h"

#include "region_mean.h"

namespace pooling {
namespace {

template <class Storage>
using PsRoiPoolPlan = MeanPlan<PsRoiPool, Storage>;

}  // namespace
}  // namespace pooling

POOLING_REGION_KERNELS(ps_roi_pool, RegionSums<PsRoiPoolPlan>, )
