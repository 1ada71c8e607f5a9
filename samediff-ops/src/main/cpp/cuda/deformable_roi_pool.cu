// SPDX-License-Identifier: Apache-2.0
#include "../kernels/deformable_roi_pool.h"
#include "deformable_cells.cuh"

namespace pooling {
namespace {

template <class Storage, bool kSlopes>
using DeformableRoiPoolOperator = DeformableOperator<DeformableRoiPool<Storage>, AlignRule, false, kSlopes>;

template <class Storage>
using DeformableRoiPoolCells = MeanCells<DeformableRoiPoolOperator<Storage, false>, Storage>;

template <class Storage>
using DeformableRoiPoolSlopes = DeformableRoiPoolOperator<Storage, true>;

}  // namespace
}  // namespace pooling

POOLING_GPU_DEFORMABLE_KERNELS(deformable_roi_pool, DeformableRoiPool)
