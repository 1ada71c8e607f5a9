// SPDX-License-Identifier: Apache-2.0
// Gradients of the offsets and of the mask of deformable region operators: regions are shared among threads, cells and
// channels added up in order, in double.
#pragma once

#include "../kernels/deformable_region.h"
#include "region.h"
#include "region_taps.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Operator, class Storage>
class OffsetGradient {
   public:
    OffsetGradient(const RegionParameters& p, void* const* arrays) : p_(p), arrays_(arrays), op_(p, arrays) {}

    bool run(const RegionBox& box) {
        if (!zero(sums_, 2 * p_.classes * op_.offset_rows() * op_.offset_columns()) ||
            !zero(mask_sums_, p_.rows * p_.columns)) {
            return false;
        }
        for (Index k = 0; k < p_.classes; k++) {
            op_.select(box, k);
            for (Index i = 0; i < p_.rows; i++) {
                for (Index j = 0; j < p_.columns; j++) {
                    add_cell(box, k, i, j);
                }
            }
        }
        store_sums(box);
        return !taps_.failed();
    }

   private:
    const RegionParameters& p_;
    void* const* arrays_;
    Operator op_;
    TapLists<double> taps_;
    GrowingArray<double> sums_;  // [2 * classes, rows, columns] of the offsets
    GrowingArray<double> mask_sums_;

    static bool zero(GrowingArray<double>& array, Index size) {
        array.clear();
        for (Index i = 0; i < size; i++) {
            array.add(0);
        }
        return !array.failed();
    }

    double& sum_of(Index channel, Index row, Index column) {
        return sums_[(channel * op_.offset_rows() + row) * op_.offset_columns() + column];
    }

    void add_cell(const RegionBox& box, Index k, Index i, Index j) {
        taps_.clear();
        Range rows = taps_.add(p_.input.row, [&](const auto& visit) { op_.rows(i, j, visit); });
        Range columns = taps_.add(p_.input.column, [&](const auto& visit) { op_.columns(i, j, visit); });
        Range row_slopes = taps_.add(p_.input.row, [&](const auto& visit) { op_.row_slopes(i, j, visit); });
        Range column_slopes = taps_.add(p_.input.column, [&](const auto& visit) { op_.column_slopes(i, j, visit); });
        Index image = static_cast<Index>(box.image);
        Index region = static_cast<Index>(box.output);
        const Storage* x = static_cast<const Storage*>(arrays_[kInput]);
        const Storage* gradient = static_cast<const Storage*>(arrays_[kOutput]);
        double by_x = 0;
        double by_y = 0;
        double by_mask = 0;
        Index of_class = p_.output_channels / p_.classes;
        for (Index c = k * of_class; c < (k + 1) * of_class; c++) {
            double of_cell = static_cast<double>(load(gradient + p_.output.at(region, c, i, j)));
            const Storage* map = x + p_.input.at(image, c * p_.groups() + p_.group(i, j), 0, 0);
            by_x += of_cell * patch_sum<double>(taps_, {rows, column_slopes}, map, 0, 1);
            by_y += of_cell * patch_sum<double>(taps_, {row_slopes, columns}, map, 0, 1);
            by_mask += of_cell * patch_sum<double>(taps_, {rows, columns}, map, 0, 1);
        }
        double factor = op_.factor(i, j);
        sum_of(2 * k, op_.offset_row(i), op_.offset_column(j)) += by_x * op_.reach_x() * factor;
        sum_of(2 * k + 1, op_.offset_row(i), op_.offset_column(j)) += by_y * op_.reach_y() * factor;
        mask_sums_[i * p_.columns + j] += by_mask * op_.known(i, j);
    }

    void store_sums(const RegionBox& box) {
        typedef typename StorageTraits<Storage>::Real Real;
        Index region = static_cast<Index>(box.output);
        Storage* offset_gradient = static_cast<Storage*>(arrays_[kGradient]);
        Storage* mask_gradient = static_cast<Storage*>(arrays_[kMaskGradient]);
        if (offset_gradient != nullptr) {
            for (Index c = 0; c < 2 * p_.classes; c++) {
                for (Index i = 0; i < op_.offset_rows(); i++) {
                    for (Index j = 0; j < op_.offset_columns(); j++) {
                        store(offset_gradient + p_.gradient.at(region, c, i, j), static_cast<Real>(sum_of(c, i, j)));
                    }
                }
            }
        }
        if (mask_gradient != nullptr) {
            for (Index i = 0; i < p_.rows; i++) {
                for (Index j = 0; j < p_.columns; j++) {
                    store(mask_gradient + p_.mask_gradient.at(region, 0, i, j),
                          static_cast<Real>(mask_sums_[i * p_.columns + j]));
                }
            }
        }
    }
};

template <template <class> class Operator>
struct OffsetKernel {
    template <class Storage>
    static KernelStatus run(const void* parameters, void* const* arrays) {
        return for_each_region<OffsetGradient<Operator<Storage>, Storage>>(parameters, arrays);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
