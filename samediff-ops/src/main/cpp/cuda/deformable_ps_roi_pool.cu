// SPDX-License-Identifier: Apache-2.0
#include "../kernels/deformable_ps_roi_pool.h"
#include "deformable_cells.cuh"

namespace pooling {
namespace {

template <class Storage>
using DeformablePsRoiPoolCells = MeanCells<DeformableOperator<DeformablePsRoiPool<Storage>, DeformableRule, true, false>, Storage>;

template <class Storage>
using DeformablePsRoiPoolSlopes = DeformableOperator<DeformablePsRoiPool<Storage>, DeformableRule, true, true>;

}  // namespace
}  // namespace pooling

POOLING_GPU_DEFORMABLE_KERNELS(deformable_ps_roi_pool, pooling::DeformablePsRoiPoolCells, pooling::DeformablePsRoiPoolSlopes)
