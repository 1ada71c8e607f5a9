// SPDX-License-Identifier: Apache-2.0
#include "../kernels/quantized_roi_align.h"

#include "quantized_channels.h"
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
        : p_(p),
          arrays_(arrays),
          op_(p, arrays),
          grids_(static_cast<const PoolGrids*>(arrays[kGrids]), p.channels, p.options.words[2]) {}

    bool select(const RegionBox& box, Index, Index row_stride, Index column_stride) {
        op_.select(box, 0);
        if (Largest || !grids_) {
            return static_cast<bool>(grids_);
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
        Index c = cell.channel;
        Vector steps;
        if constexpr (Largest) {
            auto element = [&](Index row, Index column) {
                return load(x + row * p_.input.row + column * p_.input.column);
            };
            steps = broadcast<Vector>(largest_sample(op_.region.y.cell(cell.row, 0), op_.region.x.cell(cell.column, 0),
                                                     grids_.zero()[c], element));
        } else {
            const List& rows = lists_[cell.row];
            const List& columns = lists_[p_.rows + cell.column];
            steps = patch_sum<Vector>(taps_, Patch{rows.taps, columns.taps}, x, p_.input.channel, cell.lanes) -
                    load_unaligned<Vector>(grids_.zero() + c) * (rows.weight * columns.weight);
        }
        Vector codes = rounded_code(steps, load_unaligned<Vector>(grids_.multiplier() + c),
                                    load_unaligned<Vector>(grids_.output_zero() + c));
        float numbers[lane_count<Vector>()];
        store_unaligned(numbers, codes);
        for (int i = 0; i < cell.lanes; i++) {
            y[i * p_.output.channel] = byte_of<Byte>(static_cast<int>(numbers[i]));
        }
    }

private:
    // Taps of a row or column of cells, and the sum of their weights: less than 1 where samples lie outside the map.
    struct List {
        Range taps;
        float weight;
    };

    const RegionParameters& p_;
    void* const* arrays_;
    RoiAlign op_;
    ChannelGrids grids_;
    TapLists<float> taps_;
    GrowingArray<List> lists_;

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
