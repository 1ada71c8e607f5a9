// SPDX-License-Identifier: Apache-2.0
#include "../kernels/deformable_roi_pool.h"
#include "deformable_cells.cuh"

namespace pooling {
namespace {

template <class Storage>
using DeformableRoiPoolCells = MeanCells<DeformableOperator<DeformableRoiPool<Storage>, AlignRule, false, false>, Storage>;

template <class Storage>
using DeformableRoiPoolSlopes = DeformableOperator<DeformableRoiPool<Storage>, AlignRule, false, true>;

}  // namespace
}  // namespace pooling

POOLING_GPU_DEFORMABLE_KERNELS(deformable_roi_pool, pooling::DeformableRoiPoolCells, pooling::DeformableRoiPoolSlopes)
