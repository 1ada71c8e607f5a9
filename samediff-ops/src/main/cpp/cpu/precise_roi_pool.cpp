// SPDX-License-Identifier: Apache-2.0
#include "../kernels/precise_roi_pool.h"

#include "region_mean.h"

namespace pooling {
namespace {

template <class Storage>
using PreciseRoiPoolPlan = MeanPlan<PreciseRoiPool, Storage>;

// Gradient of the coordinates: regions are shared among threads, channels added up in order, in double. The result is a
// dense array of double with the gradients of x1, y1, x2, y2 of each region.
template <class Storage>
class CoordinateGradient {
public:
    CoordinateGradient(const RegionParameters& p, void* const* arrays) : p_(p), arrays_(arrays), op_(p, arrays) {}

    bool run(const RegionBox& box) {
        op_.select(box, 0);
        double sums[4] = {0, 0, 0, 0};
        for (Index i = 0; i < p_.rows; i++) {
            for (Index j = 0; j < p_.columns; j++) {
                add_cell(box, i, j, sums);
            }
        }
        double* result = static_cast<double*>(arrays_[kGradient]) + static_cast<Index>(box.output) * 4;
        for (int i = 0; i < 4; i++) {
            result[i] = sums[i] * bit_cast<double>(p_.scale);
        }
        return !taps_.failed();
    }

private:
    const RegionParameters& p_;
    void* const* arrays_;
    PreciseRoiPool op_;
    TapLists<double> taps_;

    void add_cell(const RegionBox& box, Index i, Index j, double* sums) {
        taps_.clear();
        Range rows = taps_.add(p_.input.row, [&](const auto& visit) { op_.y.weights(i, visit); });
        Range columns = taps_.add(p_.input.column, [&](const auto& visit) { op_.x.weights(j, visit); });
        Patch by[4];
        for (int end = 0; end < 2; end++) {
            by[2 * end] = {
                rows, taps_.add(p_.input.column, [&](const auto& visit) { op_.x.derivatives(j, end == 1, visit); })};
            by[2 * end + 1] = {
                taps_.add(p_.input.row, [&](const auto& visit) { op_.y.derivatives(i, end == 1, visit); }), columns};
        }
        Index image = static_cast<Index>(box.image);
        Index region = static_cast<Index>(box.output);
        const Storage* x = static_cast<const Storage*>(arrays_[kInput]);
        const Storage* gradient = static_cast<const Storage*>(arrays_[kOutput]);
        for (Index c = 0; c < p_.channels; c++) {
            double of_cell = static_cast<double>(load(gradient + p_.output.at(region, c, i, j)));
            const Storage* map = x + p_.input.at(image, c, 0, 0);
            for (int k = 0; k < 4; k++) {
                sums[k] += of_cell * patch_sum<double>(taps_, by[k], map, 0, 1);
            }
        }
    }
};

template <class Storage>
KernelStatus coordinates(const void* parameters, void* const* arrays) {
    return for_each_region<CoordinateGradient<Storage>>(parameters, arrays);
}

}  // namespace
}  // namespace pooling

POOLING_REGION_KERNELS(precise_roi_pool, RegionSums<PreciseRoiPoolPlan>,
                       POOLING_KERNEL("precise_roi_pool_coordinates", RegionParameters, 7, coordinates), )
