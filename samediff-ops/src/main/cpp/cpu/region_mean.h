// SPDX-License-Identifier: Apache-2.0
// Plan of a region operator whose cells are weighted sums of rows times columns; cpu/region_lanes.h says what it has.
// The operator gives the weights, see kernels/roi_align.h; kShiftsCells: the weights of rows depend on the column too.
#pragma once

#include "region_lanes.h"
#include "region_taps.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Operator, class Storage>
class MeanPlan {
public:
    typedef Storage StorageType;
    typedef typename StorageTraits<Storage>::Real Real;

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
                Range columns =
                    i == 0 || Operator::kShiftsCells ? columns_of(i, j, column_stride) : patches_[j].columns;
                patches_.add({rows, columns});
                factors_.add(static_cast<Real>(op_.factor(i, j)));
                if (patches_.failed() || factors_.failed()) {
                    return false;
                }
            }
        }
        return !taps_.failed();
    }

    template <int N, class Vector, class Element>
    POOLING_FUNCTION void means(Index number, const Element* map, int lanes, Vector* result) const {
        Vector halves[N];
        unrolled<N>([&](int k) { halves[k] = Vector{}; });
        add_patch<N>(taps_, patches_[number], map, lanes, halves);
        unrolled<N>([&](int k) { result[k] = twice_within_range(halves[k]) * factors_[number]; });
    }

    template <int N, class Vector>
    POOLING_FUNCTION void spread(Index number, const Vector* gradients, Real* map) const {
        Vector of_cell[N];
        unrolled<N>([&](int k) { of_cell[k] = gradients[k] * factors_[number]; });
        patch_spread<N>(taps_, patches_[number], of_cell, map);
    }

    void cover(Range& rows, Range& columns) const {
        taps_.cover(patches_, rows, columns);
    }

    void store_extra(Index, Range, Range) const {}

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
            op_.columns(i, j,
                        [&](Index element, double weight) { visit(element, weight * static_cast<double>(weight_)); });
        });
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
