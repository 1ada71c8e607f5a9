// SPDX-License-Identifier: Apache-2.0
#include "../kernels/precise_roi_pool.h"
#include "region_cells.cuh"
#include "region_gradients.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <bool kSlopes>
struct PreciseAxes {
    typedef PreciseRoiPool Mathematics;
    typedef HatTaps<kSlopes> Taps;
    static constexpr bool kHasMask = false;

    POOLING_DEVICE static Taps rows(const PreciseRoiPool& pool, Index i, Index) {
        return Taps(pool.y, i);
    }

    POOLING_DEVICE static Taps columns(const PreciseRoiPool& pool, Index, Index j) {
        return Taps(pool.x, j);
    }
};

struct PreciseRoiPoolOperator : PreciseAxes<false> {
    static constexpr bool kCounts = false;

    POOLING_FUNCTION static Index samples(const RegionParameters&) {
        return 0;
    }
};

template <class Storage>
using PreciseRoiPoolCells = MeanCells<PreciseRoiPoolOperator, Storage>;

// Gradient of the coordinates: a dense array of double, see cpu/precise_roi_pool.cpp. Passes: parts of the cells' sums,
// two; coordinates.
struct CoordinateGradients {
    template <class Storage>
    struct Of {
        typedef RegionParameters Parameters;
        typedef CellGradients<PreciseAxes<true>, Storage> Sums;
        static constexpr int kArrays = 7;
        static constexpr int kPasses = 3;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const Parameters& p = request.parameters;
            GpuScratch memory(nullptr);
            Sums sums(p, memory);
            plan.scratch = memory.used();
            plan.wide = is_wide(p, 4 * p.boxes);
            plan.threads[0] = plan.threads[1] = sums.threads();
            plan.threads[2] = 4 * p.boxes;
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            Sums sums(p, memory);
            if constexpr (Pass < 2) {
                sums.template add_block<Pass == 1>(p, arrays, thread);
            } else {
                int coordinate = static_cast<int>(thread % 4);
                Index box = thread / 4;
                double sum = 0;
                for (Index cell = 0; cell < p.rows * p.columns; cell++) {
                    sum += sums.sum(box * p.rows * p.columns + cell, coordinate);
                }
                Index region = static_cast<Index>(arrays.at<const RegionBox>(kBoxes)[box].output);
                arrays.at<double>(kGradient)[4 * region + coordinate] = sum * bit_cast<double>(p.scale);
            }
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_REGION_KERNELS(precise_roi_pool, precise_roi_pool, pooling::PreciseRoiPoolCells)
POOLING_GPU_KERNEL(precise_roi_pool, precise_roi_pool_coordinates, pooling::CoordinateGradients, 3)
