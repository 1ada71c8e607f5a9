// SPDX-License-Identifier: Apache-2.0
// Gradients of the offsets and of the mask of deformable region operators: channels added up in double, in an order
// that the sizes alone decide.
#pragma once

#include "../kernels/deformable_region.h"
#include "region_blocks.h"
#include "region_taps.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The derivatives of a cell's mean by its position, and the mean, times the gradient of the cell, over all channels.
struct CellSums {
    double by_x;
    double by_y;
    double by_mask;
};

// cpu/region_blocks.h says what a plan is.
template <class Operator>
class OffsetPlan {
public:
    OffsetPlan(const RegionParameters& p, void* const* arrays, RegionPass = kForwardPass) : p_(p), op_(p, arrays) {}

    bool select(const RegionBox& box, Index offset_class, Index row_stride, Index column_stride) {
        op_.select(box, offset_class);
        taps_.clear();
        for (int k = 0; k < kPatches; k++) {
            patches_[k].clear();
        }
        for (Index i = 0; i < p_.rows; i++) {
            for (Index j = 0; j < p_.columns; j++) {
                Range rows = taps_.add(row_stride, [&](const auto& visit) { op_.rows(i, j, visit); });
                Range columns = taps_.add(column_stride, [&](const auto& visit) { op_.columns(i, j, visit); });
                Range row_slopes = taps_.add(row_stride, [&](const auto& visit) { op_.row_slopes(i, j, visit); });
                Range column_slopes =
                    taps_.add(column_stride, [&](const auto& visit) { op_.column_slopes(i, j, visit); });
                patches_[0].add({rows, column_slopes});
                patches_[1].add({row_slopes, columns});
                patches_[2].add({rows, columns});
            }
        }
        return !taps_.failed() && !patches_[0].failed() && !patches_[1].failed() && !patches_[2].failed();
    }

    void cover(Range& rows, Range& columns) const {
        for (int k = 0; k < kPatches; k++) {
            taps_.cover(patches_[k], rows, columns);
        }
    }

    // Of cell `number`, for N vectors of channels.
    template <int N, class Vector, class Element>
    POOLING_FUNCTION void add(Index number, const Element* map, int lanes, const Vector* gradients,
                              Vector* sums) const {
        unrolled<kPatches>([&](int k) {
            Vector means[N];
            unrolled<N>([&](int part) { means[part] = Vector{}; });
            add_patch<N>(taps_, patches_[k][number], map, lanes, means);
            unrolled<N>([&](int part) { sums[k] += means[part] * gradients[part]; });
        });
    }

private:
    static constexpr int kPatches = 3;

    const RegionParameters& p_;
    Operator op_;
    TapLists<double> taps_;
    GrowingArray<Patch> patches_[kPatches];  // in the order of CellSums
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
        const Storage* x = static_cast<const Storage*>(arrays_[kInput]);
        const Storage* gradient = static_cast<const Storage*>(arrays_[kOutput]);
        Index i = number / p_.columns;
        Index j = number % p_.columns;
        Index of_class = p_.output_channels / p_.classes;
        double sums[3] = {0, 0, 0};
        for (Index c = k * of_class; c < (k + 1) * of_class; c++) {
            double of_cell =
                static_cast<double>(load(gradient + p_.output.at(static_cast<Index>(box.output), c, i, j)));
            const Storage* map = x + p_.input.at(static_cast<Index>(box.image), c * p_.groups() + p_.group(i, j), 0, 0);
            plan_.template add<1>(number, map, 1, &of_cell, sums);
        }
        return {sums[0], sums[1], sums[2]};
    }
};

// Vectors of channels, for one class of offsets: sums of each block of channels, then of all.
template <class Operator, class Storage>
class OffsetLanes {
public:
    typedef typename StorageTraits<Storage>::Real Real;

    OffsetLanes(const RegionParameters& p, void* const* arrays) : p_(p), arrays_(arrays), blocks_(p, arrays) {}

    static bool fits(const RegionParameters& p) {
        return p.classes == 1 && RegionBlocks<Storage>::fits(p);
    }

    KernelStatus run() const {
        Index cells = p_.rows * p_.columns;
        Scratch<CellSums> sums(p_.boxes * blocks_.blocks() * cells);
        if (!sums) {
            return kOutOfMemory;
        }
        KernelStatus status = blocks_.template for_each<OffsetPlan<Operator>>(
            cells * blocks_.block(), [&](const OffsetPlan<Operator>& plan, Real* gradients, const RegionBox& box,
                                         Index number, Range channels, Range, const auto* map) {
                blocks_.load_gradients(box, channels, gradients);
                add_block(plan, map, channels.size(), gradients, of_region(box, sums.get()) + number * cells);
            });
        return status == kSuccess ? store(sums.get()) : status;
    }

private:
    static constexpr int kLanes = lane_count<DoubleLanes>();

    const RegionParameters& p_;
    void* const* arrays_;
    RegionBlocks<Storage> blocks_;

    CellSums* of_region(const RegionBox& box, CellSums* sums) const {
        Index number = &box - static_cast<const RegionBox*>(arrays_[kBoxes]);
        return sums + number * blocks_.blocks() * p_.rows * p_.columns;
    }

    template <class Element>
    void add_block(const OffsetPlan<Operator>& plan, const Element* map, Index channels, const Real* gradients,
                   CellSums* sums) const {
        for (Index number = 0; number < p_.rows * p_.columns; number++) {
            DoubleLanes totals[3] = {};
            for_each_vectors<DoubleLanes>(channels, [&](auto several, Index c, int lanes) {
                constexpr int N = number_of(several);
                DoubleLanes of_cell[N];
                unrolled<N>([&](int k) {
                    of_cell[k] =
                        load_lanes<DoubleLanes>(gradients + number * blocks_.block() + c + k * kLanes, 1, lanes);
                });
                plan.template add<N>(number, map + c, lanes, of_cell, totals);
            });
            sums[number] = {sum_of(totals[0]), sum_of(totals[1]), sum_of(totals[2])};
        }
    }

    static double sum_of(DoubleLanes v) {
        double sum = 0;
        for (int lane = 0; lane < kLanes; lane++) {
            sum += v[lane];
        }
        return sum;
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
                    for (Index block = 1; block < blocks_.blocks(); block++) {
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
