// SPDX-License-Identifier: Apache-2.0
// Weighted sums over the cells of regions, several for each cell, times the cell's gradient and added up over channels:
// what gradients of positions consist of. All of it is in double, in an order that the sizes alone decide.
#pragma once

#include "region_blocks.h"
#include "region_taps.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// K parts of a map for each cell of the selected region.
template <int K>
class CellPatches {
public:
    TapLists<double> taps;

    void clear() {
        taps.clear();
        for (int k = 0; k < K; k++) {
            patches_[k].clear();
        }
    }

    // Those of the next cell.
    void add(const Patch (&of_cell)[K]) {
        for (int k = 0; k < K; k++) {
            patches_[k].add(of_cell[k]);
        }
    }

    bool failed() const {
        bool failed = taps.failed();
        for (int k = 0; k < K; k++) {
            failed |= patches_[k].failed();
        }
        return failed;
    }

    void cover(Range& rows, Range& columns) const {
        for (int k = 0; k < K; k++) {
            taps.cover(patches_[k], rows, columns);
        }
    }

    // Adds those of cell `number`, for N vectors of channels.
    template <int N, class Vector, class Element>
    POOLING_FUNCTION void add_to(Index number, const Element* map, int lanes, const Vector* gradients,
                                 Vector* sums) const {
        unrolled<K>([&](int k) {
            Vector means[N];
            unrolled<N>([&](int part) { means[part] = Vector{}; });
            add_patch<N>(taps, patches_[k][number], map, lanes, means);
            unrolled<N>([&](int part) { sums[k] += means[part] * gradients[part]; });
        });
    }

private:
    GrowingArray<Patch> patches_[K];
};

// Channels one by one. Plan: see cpu/region_blocks.h, and
//   kPatches
//   patches()   CellPatches<kPatches> of the selected region
template <class Plan, class Storage>
void add_slopes_of_channels(const RegionParameters& p, void* const* arrays, const Plan& plan, const RegionBox& box,
                            Range channels, Index number, double* sums) {
    const Storage* x = static_cast<const Storage*>(arrays[kInput]);
    const Storage* gradient = static_cast<const Storage*>(arrays[kOutput]);
    Index i = number / p.columns;
    Index j = number % p.columns;
    for (Index c = channels.begin; c < channels.end; c++) {
        double of_cell = static_cast<double>(load(gradient + p.output.at(static_cast<Index>(box.output), c, i, j)));
        const Storage* map = x + p.input.at(static_cast<Index>(box.image), c * p.groups() + p.group(i, j), 0, 0);
        plan.patches().template add_to<1>(number, map, 1, &of_cell, sums);
    }
}

// Blocks of channels side by side, of operators whose channels share one class of offsets.
template <class Plan, class Storage>
class SlopesOfBlocks {
    typedef typename StorageTraits<Storage>::Real Real;
    static constexpr int kPatches = Plan::kPatches;
    static constexpr int kLanes = lane_count<DoubleLanes>();

public:
    SlopesOfBlocks(const RegionParameters& p, void* const* arrays) : p_(p), arrays_(arrays), blocks_(p, arrays) {}

    static bool fits(const RegionParameters& p) {
        return p.classes == 1 && RegionBlocks<Storage>::fits(p);
    }

    Index blocks() const {
        return blocks_.blocks();
    }

    // Position of a region among all.
    Index position_of(const RegionBox& box) const {
        return &box - static_cast<const RegionBox*>(arrays_[kBoxes]);
    }

    // Calls function(box, number of the block, number of the cell, its sums).
    template <class Function>
    KernelStatus for_each_cell(const Function& function) const {
        Index cells = p_.rows * p_.columns;
        return blocks_.template for_each<Plan>(
            cells * blocks_.block(), [&](const Plan& plan, Real* gradients, const RegionBox& box, Index block,
                                         Range channels, Range, const auto* map) {
                blocks_.load_gradients(box, channels, gradients);
                for (Index number = 0; number < cells; number++) {
                    DoubleLanes totals[kPatches] = {};
                    add(plan, map, channels.size(), number, gradients + number * blocks_.block(), totals);
                    double sums[kPatches];
                    unrolled<kPatches>([&](int k) { sums[k] = sum_of(totals[k]); });
                    function(box, block, number, sums);
                }
            });
    }

private:
    const RegionParameters& p_;
    void* const* arrays_;
    RegionBlocks<Storage> blocks_;

    template <class Element>
    static void add(const Plan& plan, const Element* map, Index channels, Index number, const Real* gradients,
                    DoubleLanes* totals) {
        for_each_vectors<DoubleLanes>(channels, [&](auto several, Index c, int lanes) {
            constexpr int N = number_of(several);
            DoubleLanes of_cell[N];
            unrolled<N>([&](int k) { of_cell[k] = load_lanes<DoubleLanes>(gradients + c + k * kLanes, 1, lanes); });
            plan.patches().template add_to<N>(number, map + c, lanes, of_cell, totals);
        });
    }

    static double sum_of(DoubleLanes v) {
        double sum = 0;
        for (int lane = 0; lane < kLanes; lane++) {
            sum += v[lane];
        }
        return sum;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
