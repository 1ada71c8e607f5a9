// SPDX-License-Identifier: Apache-2.0
#include "../kernels/ps_roi_pool.h"
#include "region_cells.cuh"

namespace pooling {
namespace {

struct PsRoiPoolOperator {
    typedef PsRoiPool Mathematics;
    typedef ElementTaps Taps;
    static constexpr bool kCounts = false;

    POOLING_FUNCTION static Index samples(const RegionParameters&) {
        return 0;
    }

    POOLING_DEVICE static Taps rows(const PsRoiPool& pool, Index i, Index) {
        return Taps(pool.region.y.cell(i));
    }

    POOLING_DEVICE static Taps columns(const PsRoiPool& pool, Index, Index j) {
        return Taps(pool.region.x.cell(j));
    }
};

template <class Storage>
using PsRoiPoolCells = MeanCells<PsRoiPoolOperator, Storage>;

}  // namespace
}  // namespace pooling

POOLING_GPU_REGION_KERNELS(ps_roi_pool, ps_roi_pool, pooling::PsRoiPoolCells)
