// SPDX-License-Identifier: Apache-2.0
#include "../kernels/roi_align.h"
#include "region_cells.cuh"
#include "region_maximum.cuh"

namespace pooling {
namespace {

template <class Storage>
using RoiAlignMeanCells = MeanCells<RoiAlignCells, Storage>;

}  // namespace
}  // namespace pooling

POOLING_GPU_REGION_KERNELS(roi_align, roi_align, pooling::RoiAlignMeanCells)
POOLING_GPU_REGION_KERNELS(roi_align, roi_align_max, pooling::MaximumCells)
