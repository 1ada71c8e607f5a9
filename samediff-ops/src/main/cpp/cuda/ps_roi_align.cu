// SPDX-License-Identifier: Apache-2.0
#include "../kernels/ps_roi_align.h"
#include "region_cells.cuh"

namespace pooling {
namespace {

template <class Storage>
using PsRoiAlignCells = MeanCells<RoiAlignCells, Storage>;

}  // namespace
}  // namespace pooling

POOLING_GPU_REGION_KERNELS(ps_roi_align, ps_roi_align, pooling::PsRoiAlignCells)
