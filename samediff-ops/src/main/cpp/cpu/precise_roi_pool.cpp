// SPDX-License-Identifier: Apache-2.0
#include "../kernels/precise_roi_pool.h"

#include "region_mean.h"
#include "region_slopes.h"

namespace pooling {
namespace {

template <class Storage>
using PreciseRoiPoolPlan = MeanPlan<PreciseRoiPool, Storage>;

// The derivatives of the mean of each cell by x1, y1, x2, y2; cpu/region_slopes.h says what a plan is.
class CoordinatePlan {
public:
    static constexpr int kPatches = 4;

    CoordinatePlan(const RegionParameters& p, void* const* arrays, RegionPass = kForwardPass) : p_(p), op_(p, arrays) {}

    bool select(const RegionBox& box, Index, Index row_stride, Index column_stride) {
        op_.select(box, 0);
        patches_.clear();
        columns_.clear();
        for (Index j = 0; j < p_.columns; j++) {
            columns_.add(lists(op_.x, j, column_stride));
        }
        for (Index i = 0; i < p_.rows; i++) {
            Axis rows = lists(op_.y, i, row_stride);
            for (Index j = 0; j < p_.columns && !columns_.failed(); j++) {
                const Axis& columns = columns_[j];
                patches_.add({{rows.weights, columns.by_start},
                              {rows.by_start, columns.weights},
                              {rows.weights, columns.by_end},
                              {rows.by_end, columns.weights}});
            }
        }
        return !patches_.failed() && !columns_.failed();
    }

    void cover(Range& rows, Range& columns) const {
        patches_.cover(rows, columns);
    }

    const CellPatches<kPatches>& patches() const {
        return patches_;
    }

private:
    // Taps of a row or column of cells, and their derivatives by the ends of the region.
    struct Axis {
        Range weights;
        Range by_start;
        Range by_end;
    };

    const RegionParameters& p_;
    PreciseRoiPool op_;
    CellPatches<kPatches> patches_;
    GrowingArray<Axis> columns_;

    Axis lists(const HatAxis& axis, Index cell, Index stride) {
        TapLists<double>& taps = patches_.taps;
        return {taps.add(stride, [&](const auto& visit) { axis.weights(cell, visit); }),
                taps.add(stride, [&](const auto& visit) { axis.derivatives(cell, false, visit); }),
                taps.add(stride, [&](const auto& visit) { axis.derivatives(cell, true, visit); })};
    }
};

constexpr int kCoordinates = CoordinatePlan::kPatches;

// The result is a dense array of double with the gradients of x1, y1, x2, y2 of each region.
void store_coordinates(const RegionParameters& p, void* const* arrays, const RegionBox& box, const double* sums) {
    double* result = static_cast<double*>(arrays[kGradient]) + static_cast<Index>(box.output) * kCoordinates;
    for (int k = 0; k < kCoordinates; k++) {
        result[k] = sums[k] * bit_cast<double>(p.scale);
    }
}

template <class Storage>
class CoordinatesOfRegion {
public:
    CoordinatesOfRegion(const RegionParameters& p, void* const* arrays) : p_(p), arrays_(arrays), plan_(p, arrays) {}

    bool run(const RegionBox& box) {
        if (!plan_.select(box, 0, p_.input.row, p_.input.column)) {
            return false;
        }
        double sums[kCoordinates] = {};
        for (Index number = 0; number < p_.rows * p_.columns; number++) {
            add_slopes_of_channels<CoordinatePlan, Storage>(p_, arrays_, plan_, box, {0, p_.channels}, number, sums);
        }
        store_coordinates(p_, arrays_, box, sums);
        return true;
    }

private:
    const RegionParameters& p_;
    void* const* arrays_;
    CoordinatePlan plan_;
};

template <class Storage>
KernelStatus coordinates_of_blocks(const RegionParameters& p, void* const* arrays) {
    SlopesOfBlocks<CoordinatePlan, Storage> slopes(p, arrays);
    Index numbers = slopes.blocks() * kCoordinates;  // of a region
    Scratch<double> sums(p.boxes * numbers);
    if (!sums) {
        return kOutOfMemory;
    }
    memset(sums.get(), 0, static_cast<size_t>(p.boxes * numbers) * sizeof(double));
    KernelStatus status = slopes.for_each_cell([&](const RegionBox& box, Index block, Index, const double* of_cell) {
        double* of_block = sums.get() + slopes.position_of(box) * numbers + block * kCoordinates;
        unrolled<kCoordinates>([&](int k) { of_block[k] += of_cell[k]; });
    });
    for (Index i = 0; i < p.boxes && status == kSuccess; i++) {
        double* of_region = sums.get() + i * numbers;
        for (Index n = kCoordinates; n < numbers; n++) {
            of_region[n % kCoordinates] += of_region[n];
        }
        store_coordinates(p, arrays, static_cast<const RegionBox*>(arrays[kBoxes])[i], of_region);
    }
    return status;
}

template <class Storage>
KernelStatus coordinates(const void* parameters, void* const* arrays) {
    const RegionParameters& p = *static_cast<const RegionParameters*>(parameters);
    return SlopesOfBlocks<CoordinatePlan, Storage>::fits(p)
               ? coordinates_of_blocks<Storage>(p, arrays)
               : for_each_region<CoordinatesOfRegion<Storage>>(parameters, arrays);
}

}  // namespace
}  // namespace pooling

POOLING_REGION_KERNELS(precise_roi_pool, RegionSums<PreciseRoiPoolPlan>,
                       POOLING_KERNEL("precise_roi_pool_coordinates", RegionParameters, 7, coordinates), )
