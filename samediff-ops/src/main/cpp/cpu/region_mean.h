// SPDX-License-Identifier: Apache-2.0
// Plan of a region operator whose cells are weighted sums of rows times columns (cpu/region.h says what a plan is). The
// operator gives the weights, see kernels/roi_align.h; kShiftsCells: the weights of rows depend on the column too.
#pragma once

#include "region.h"
#include "region_taps.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Operator, class Storage>
class MeanPlan {
   public:
    typedef Storage StorageType;
    typedef typename StorageTraits<Storage>::Real Real;
    static constexpr bool kTakesLanes = true;

    MeanPlan(const RegionParameters& p, void* const* arrays, RegionPass pass)
        : p_(p), arrays_(arrays), weight_(pass == kForwardPass ? 0.5 : 1), op_(p, arrays) {}

    bool select(const RegionBox& box, Index offset_class, Index row_stride, Index column_stride) {
        op_.select(box, offset_class);
        taps_.clear();
        patches_.clear();
        factors_.clear();
        for (Index i = 0; i < p_.rows; i++) {
            Range rows = {0, 0};
            for (Index j = 0; j < p_.columns; j++) {
                if (j == 0 || Operator::kShiftsCells) {
                    rows = taps_.add(row_stride, [&](const auto& visit) { op_.rows(i, j, visit); });
                }
                Range columns = i == 0 || Operator::kShiftsCells ? columns_of(i, j, column_stride)
                                                                 : patches_[j].columns;
                patches_.add({rows, columns});
                factors_.add(static_cast<Real>(op_.factor(i, j)));
                if (patches_.failed() || factors_.failed()) {
                    return false;
                }
            }
        }
        return !taps_.failed();
    }

    template <class Vector>
    POOLING_FUNCTION void forward(const RegionCell& cell) const {
        const Storage* x = static_cast<const Storage*>(arrays_[kInput]);
        Storage* y = static_cast<Storage*>(arrays_[kOutput]);
        Index number = cell.row * p_.columns + cell.column;
        Vector half = patch_sum<Vector>(taps_, patches_[number], x + p_.input.at(cell.image, cell.input_channel, 0, 0),
                                        p_.input.channel, cell.lanes);
        store_lanes(y + p_.output.at(cell.region, cell.channel, cell.row, cell.column), p_.output.channel, cell.lanes,
                    twice_within_range(half) * factors_[number]);
    }

    template <class Vector>
    POOLING_FUNCTION void backward(const RegionCell& cell, Real* map) const {
        const Storage* gradient = static_cast<const Storage*>(arrays_[kOutput]);
        Index number = cell.row * p_.columns + cell.column;
        Vector of_cell =
            load_lanes<Vector>(gradient + p_.output.at(cell.region, cell.channel, cell.row, cell.column),
                               p_.output.channel, cell.lanes);
        patch_spread(taps_, patches_[number], of_cell * factors_[number], map);
    }

   protected:
    const RegionParameters& p_;
    void* const* arrays_;
    Real weight_;
    Operator op_;

   private:
    TapLists<Real> taps_;
    GrowingArray<Patch> patches_;
    GrowingArray<Real> factors_;

    Range columns_of(Index i, Index j, Index stride) {
        return taps_.add(stride, [&](const auto& visit) {
            op_.columns(i, j, [&](Index element, double weight) {
                visit(element, weight * static_cast<double>(weight_));
            });
        });
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
