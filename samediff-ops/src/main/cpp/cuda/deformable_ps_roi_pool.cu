// SPDX-License-Identifier: Apache-2.0
#include "../kernels/deformable_ps_roi_pool.h"
#include "deformable_cells.cuh"

namespace pooling {
namespace {

template <class Storage, bool kSlopes>
using DeformablePsRoiPoolOperator = DeformableOperator<DeformablePsRoiPool<Storage>, DeformableRule, true, kSlopes>;

template <class Storage>
using DeformablePsRoiPoolCells = MeanCells<DeformablePsRoiPoolOperator<Storage, false>, Storage>;

template <class Storage>
using DeformablePsRoiPoolSlopes = DeformablePsRoiPoolOperator<Storage, true>;

}  // namespace
}  // namespace pooling

POOLING_GPU_DEFORMABLE_KERNELS(deformable_ps_roi_pool, DeformablePsRoiPool)
