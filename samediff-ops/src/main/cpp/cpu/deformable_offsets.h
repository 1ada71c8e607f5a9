// SPDX-License-Identifier: Apache-2.0
// Gradients of the offsets and of the mask of deformable region operators: channels added up in double, in an order
// that the sizes alone decide.
#pragma once

#include "../kernels/deformable_region.h"
#include "region_slopes.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The derivatives of a cell's mean by its position, and the mean, times the gradient of the cell, over all channels.
struct CellSums {
    double by_x;
    double by_y;
    double by_mask;
};

// cpu/region_slopes.h says what a plan is.
template <class Operator>
class OffsetPlan {
public:
    static constexpr int kPatches = 3;  // in the order of CellSums

    OffsetPlan(const RegionParameters& p, void* const* arrays, RegionPass = kForwardPass) : p_(p), op_(p, arrays) {}

    bool select(const RegionBox& box, Index offset_class, Index row_stride, Index column_stride) {
        op_.select(box, offset_class);
        patches_.clear();
        TapLists<double>& taps = patches_.taps;
        for (Index i = 0; i < p_.rows; i++) {
            for (Index j = 0; j < p_.columns; j++) {
                Range rows = taps.add(row_stride, [&](const auto& visit) { op_.rows(i, j, visit); });
                Range columns = taps.add(column_stride, [&](const auto& visit) { op_.columns(i, j, visit); });
                Range row_slopes = taps.add(row_stride, [&](const auto& visit) { op_.row_slopes(i, j, visit); });
                Range column_slopes =
                    taps.add(column_stride, [&](const auto& visit) { op_.column_slopes(i, j, visit); });
                patches_.add({{rows, column_slopes}, {row_slopes, columns}, {rows, columns}});
            }
        }
        return !patches_.failed();
    }

    void cover(Range& rows, Range& columns) const {
        patches_.cover(rows, columns);
    }

    const CellPatches<kPatches>& patches() const {
        return patches_;
    }

private:
    const RegionParameters& p_;
    Operator op_;
    CellPatches<kPatches> patches_;
};

// What the sums of the cells of one region give.
template <class Operator, class Storage>
class OffsetGradient {
public:
    OffsetGradient(const RegionParameters& p, void* const* arrays) : p_(p), arrays_(arrays), op_(p, arrays) {}

    // sums_of(offset class, number of a cell) gives its CellSums. False: out of memory.
    template <class SumsOf>
    bool run(const RegionBox& box, const SumsOf& sums_of) {
        if (!zero(offset_sums_, 2 * p_.classes * op_.offset_rows() * op_.offset_columns()) ||
            !zero(mask_sums_, p_.rows * p_.columns)) {
            return false;
        }
        for (Index k = 0; k < p_.classes; k++) {
            op_.select(box, k);
            for (Index i = 0; i < p_.rows; i++) {
                for (Index j = 0; j < p_.columns; j++) {
                    add_cell(k, i, j, sums_of(k, i * p_.columns + j));
                }
            }
        }
        store_sums(box);
        return true;
    }

private:
    const RegionParameters& p_;
    void* const* arrays_;
    Operator op_;
    GrowingArray<double> offset_sums_;  // [2 * classes, rows, columns] of the offsets
    GrowingArray<double> mask_sums_;

    static bool zero(GrowingArray<double>& array, Index size) {
        array.clear();
        for (Index i = 0; i < size; i++) {
            array.add(0);
        }
        return !array.failed();
    }

    double& offset_sum(Index channel, Index row, Index column) {
        return offset_sums_[(channel * op_.offset_rows() + row) * op_.offset_columns() + column];
    }

    void add_cell(Index k, Index i, Index j, const CellSums& sums) {
        double factor = op_.factor(i, j);
        offset_sum(2 * k, op_.offset_row(i), op_.offset_column(j)) += sums.by_x * op_.reach_x() * factor;
        offset_sum(2 * k + 1, op_.offset_row(i), op_.offset_column(j)) += sums.by_y * op_.reach_y() * factor;
        mask_sums_[i * p_.columns + j] += sums.by_mask * op_.known(i, j);
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
                        store(offset_gradient + p_.gradient.at(region, c, i, j),
                              static_cast<Real>(offset_sum(c, i, j)));
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

// Region by region, channel by channel.
template <class Operator, class Storage>
class OffsetsOfRegion {
public:
    OffsetsOfRegion(const RegionParameters& p, void* const* arrays)
        : p_(p), arrays_(arrays), plan_(p, arrays), gradient_(p, arrays) {}

    bool run(const RegionBox& box) {
        Index selected = -1;
        bool has_memory = true;
        return gradient_.run(box, [&](Index k, Index number) {
            if (k != selected) {
                selected = k;
                has_memory &= plan_.select(box, k, p_.input.row, p_.input.column);
            }
            return has_memory ? sums(box, k, number) : CellSums();
        }) && has_memory;
    }

private:
    const RegionParameters& p_;
    void* const* arrays_;
    OffsetPlan<Operator> plan_;
    OffsetGradient<Operator, Storage> gradient_;

    CellSums sums(const RegionBox& box, Index k, Index number) const {
        Index of_class = p_.output_channels / p_.classes;
        double sums[3] = {0, 0, 0};
        add_slopes_of_channels<OffsetPlan<Operator>, Storage>(p_, arrays_, plan_, box,
                                                              {k * of_class, (k + 1) * of_class}, number, sums);
        return {sums[0], sums[1], sums[2]};
    }
};

// Vectors of channels, for one class of offsets: sums of each block of channels, then of all.
template <class Operator, class Storage>
class OffsetLanes {
    typedef SlopesOfBlocks<OffsetPlan<Operator>, Storage> Slopes;

public:
    OffsetLanes(const RegionParameters& p, void* const* arrays) : p_(p), arrays_(arrays), slopes_(p, arrays) {}

    static bool fits(const RegionParameters& p) {
        return Slopes::fits(p);
    }

    KernelStatus run() const {
        Index cells = p_.rows * p_.columns;
        Scratch<CellSums> sums(p_.boxes * slopes_.blocks() * cells);
        if (!sums) {
            return kOutOfMemory;
        }
        KernelStatus status =
            slopes_.for_each_cell([&](const RegionBox& box, Index block, Index number, const double* of_cell) {
                of_region(box, sums.get())[block * cells + number] = {of_cell[0], of_cell[1], of_cell[2]};
            });
        return status == kSuccess ? store(sums.get()) : status;
    }

private:
    const RegionParameters& p_;
    void* const* arrays_;
    Slopes slopes_;

    CellSums* of_region(const RegionBox& box, CellSums* sums) const {
        return sums + slopes_.position_of(box) * slopes_.blocks() * p_.rows * p_.columns;
    }

    KernelStatus store(CellSums* sums) const {
        bool out_of_memory = false;
        Index cells = p_.rows * p_.columns;
        const RegionBox* boxes = static_cast<const RegionBox*>(arrays_[kBoxes]);
        parallel_ranges(p_.boxes, cells * 32, [&](Index begin, Index end) {
            OffsetGradient<Operator, Storage> gradient(p_, arrays_);
            for (Index k = begin; k < end; k++) {
                const CellSums* blocks = of_region(boxes[k], sums);
                bool has_memory = gradient.run(boxes[k], [&](Index, Index number) {
                    CellSums total = blocks[number];
                    for (Index block = 1; block < slopes_.blocks(); block++) {
                        total.by_x += blocks[block * cells + number].by_x;
                        total.by_y += blocks[block * cells + number].by_y;
                        total.by_mask += blocks[block * cells + number].by_mask;
                    }
                    return total;
                });
                if (!has_memory) {
                    out_of_memory = true;  // every thread writes the same value
                    return;
                }
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }
};

template <template <class> class Operator>
struct OffsetKernel {
    template <class Storage>
    static KernelStatus run(const void* parameters, void* const* arrays) {
        const RegionParameters& p = *static_cast<const RegionParameters*>(parameters);
        return OffsetLanes<Operator<Storage>, Storage>::fits(p)
                   ? OffsetLanes<Operator<Storage>, Storage>(p, arrays).run()
                   : for_each_region<OffsetsOfRegion<Operator<Storage>, Storage>>(parameters, arrays);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
