// SPDX-License-Identifier: Apache-2.0
#include "../kernels/rotated_roi_align.h"

#include "region_lanes.h"
#include "region_taps.h"

namespace pooling {
namespace {

// Each sample is a patch of two rows and two columns.
template <class Storage>
class RotatedPlan {
public:
    typedef Storage StorageType;
    typedef typename StorageTraits<Storage>::Real Real;

    RotatedPlan(const RegionParameters& p, void* const* arrays, RegionPass pass)
        : p_(p), arrays_(arrays), factor_(pass == kForwardPass ? 0.5 : 1), op_(p, arrays) {}

    bool select(const RegionBox& box, Index offset_class, Index row_stride, Index column_stride) {
        op_.select(box, offset_class);
        taps_.clear();
        patches_.clear();
        cells_.clear();
        for (Index i = 0; i < p_.rows; i++) {
            for (Index j = 0; j < p_.columns; j++) {
                Index begin = patches_.size();
                op_.samples(i, j, [&](const AxisSample& y, const AxisSample& x, double weight) {
                    Range rows = taps_.add(row_stride, [&](const auto& visit) { visit_sample(y, weight, visit); });
                    patches_.add(
                        {rows, taps_.add(column_stride, [&](const auto& visit) { visit_sample(x, factor_, visit); })});
                });
                cells_.add({begin, patches_.size()});
            }
            if (taps_.failed() || patches_.failed() || cells_.failed()) {
                return false;
            }
        }
        return true;
    }

    template <int N, class Vector, class Element>
    POOLING_FUNCTION void means(Index number, const Element* map, int lanes, Vector* result) const {
        Vector halves[N];
        unrolled<N>([&](int k) { halves[k] = Vector{}; });
        for (Index i = cells_[number].begin; i < cells_[number].end; i++) {
            add_patch<N>(taps_, patches_[i], map, lanes, halves);
        }
        unrolled<N>([&](int k) { result[k] = twice_within_range(halves[k]); });
    }

    template <int N, class Vector>
    POOLING_FUNCTION void spread(Index number, const Vector* gradients, Real* map) const {
        for (Index i = cells_[number].begin; i < cells_[number].end; i++) {
            patch_spread<N>(taps_, patches_[i], gradients, map);
        }
    }

    void cover(Range& rows, Range& columns) const {
        taps_.cover(patches_, rows, columns);
    }

    void store_extra(Index, Range, Range) const {}

protected:
    const RegionParameters& p_;
    void* const* arrays_;

private:
    double factor_;
    RotatedRoiAlign op_;
    TapLists<Real> taps_;
    GrowingArray<Patch> patches_;
    GrowingArray<Range> cells_;  // patches of each

    template <class Visit>
    static void visit_sample(const AxisSample& sample, double factor, const Visit& visit) {
        visit(sample.low, sample.low_weight * factor);
        visit(sample.high, sample.high_weight * factor);
    }
};

}  // namespace
}  // namespace pooling

POOLING_REGION_KERNELS(rotated_roi_align, RegionSums<RotatedPlan>, )
