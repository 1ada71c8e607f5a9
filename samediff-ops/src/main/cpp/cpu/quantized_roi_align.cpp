// SPDX-License-Identifier: Apache-2.0
#include "../kernels/quantized_roi_align.h"

#include "byte_lanes.h"
#include "region.h"
#include "region_taps.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

// cpu/region.h says what a plan is.
template <class Byte, bool Largest>
class QuantizedRoiAlignPlan {
public:
    typedef Byte StorageType;
    static constexpr bool kTakesLanes = !Largest;

    QuantizedRoiAlignPlan(const RegionParameters& p, void* const* arrays, RegionPass)
        : p_(p), arrays_(arrays), op_(p, arrays) {}

    bool select(const RegionBox& box, Index, Index row_stride, Index column_stride) {
        op_.select(box, 0);
        if (Largest) {
            return true;
        }
        taps_.clear();
        lists_.clear();
        for (Index i = 0; i < p_.rows; i++) {
            add(row_stride, [&](const auto& visit) { op_.rows(i, 0, visit); });
        }
        for (Index j = 0; j < p_.columns; j++) {
            add(column_stride, [&](const auto& visit) { op_.columns(0, j, visit); });
        }
        return !taps_.failed() && !lists_.failed();
    }

    template <class Vector>
    void forward(const RegionCell& cell) const {
        const Byte* x = static_cast<const Byte*>(arrays_[kInput]) + p_.input.at(cell.image, cell.input_channel, 0, 0);
        Byte* y = static_cast<Byte*>(arrays_[kOutput]) + p_.output.at(cell.region, cell.channel, cell.row, cell.column);
        float steps[kLanes];
        if constexpr (Largest) {
            steps[0] = largest_sample(
                op_.region.y.cell(cell.row, 0), op_.region.x.cell(cell.column, 0), rounding(cell, 0).zero,
                [&](Index row, Index column) { return load(x + row * p_.input.row + column * p_.input.column); });
        } else {
            const List& rows = lists_[cell.row];
            const List& columns = lists_[p_.rows + cell.column];
            Vector sum = patch_sum<Vector>(taps_, Patch{rows.taps, columns.taps}, x, p_.input.channel, cell.lanes);
            store_unaligned(steps, sum);
            for (int i = 0; i < cell.lanes; i++) {
                steps[i] -= rounding(cell, i).zero * rows.weight * columns.weight;
            }
        }
        for (int i = 0; i < cell.lanes; i++) {
            PoolRounding r = rounding(cell, i);
            y[i * p_.output.channel] =
                byte_of<Byte>(static_cast<int>(rounded_code(steps[i], r.multiplier, r.output_zero)));
        }
    }

private:
    // Taps of a row or column of cells, and the sum of their weights: less than 1 where samples lie outside the map.
    struct List {
        Range taps;
        float weight;
    };

    static constexpr int kLanes = lane_count<FloatLanes>();

    const RegionParameters& p_;
    void* const* arrays_;
    RoiAlign op_;
    TapLists<float> taps_;
    GrowingArray<List> lists_;

    PoolRounding rounding(const RegionCell& cell, int lane) const {
        return rounding_of(p_, arrays_[kGrids], cell.channel + lane);
    }

    template <class Fill>
    void add(Index stride, const Fill& fill) {
        double sum = 0;
        Range taps = taps_.add(stride, [&](const auto& visit) {
            fill([&](Index element, double weight) {
                sum += weight;
                visit(element, weight);
            });
        });
        lists_.add({taps, static_cast<float>(sum)});
    }
};

template <class Byte>
KernelStatus average(const void* parameters, void* const* arrays) {
    return RegionDriver<QuantizedRoiAlignPlan<Byte, false>>(parameters, arrays).forward();
}

template <class Byte>
KernelStatus largest(const void* parameters, void* const* arrays) {
    return RegionDriver<QuantizedRoiAlignPlan<Byte, true>>(parameters, arrays).forward();
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(quantized_roi_align)[];
const KernelEntry POOLING_KERNEL_TABLE(quantized_roi_align)[] = {
    POOLING_BYTE_KERNEL("quantized_roi_align_forward", RegionParameters, 6, average),
    POOLING_BYTE_KERNEL("quantized_roi_align_max_forward", RegionParameters, 6, largest),
    {},
};

}  // namespace pooling
