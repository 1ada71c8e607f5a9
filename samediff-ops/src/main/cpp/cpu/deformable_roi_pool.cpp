// SPDX-License-Identifier: Apache-2.0
#include "../kernels/deformable_roi_pool.h"

#include "deformable_offsets.h"
#include "region_mean.h"

namespace pooling {
namespace {

template <class Storage>
using DeformableRoiPoolPlan = MeanPlan<DeformableRoiPool<Storage>, Storage>;

}  // namespace
}  // namespace pooling

POOLING_REGION_KERNELS(deformable_roi_pool, RegionSums<DeformableRoiPoolPlan>,
                       POOLING_KERNEL("deformable_roi_pool_offsets", RegionParameters, 8,
                                      OffsetKernel<DeformableRoiPool>::run), )
