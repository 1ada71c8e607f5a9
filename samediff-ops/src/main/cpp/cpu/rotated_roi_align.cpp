// SPDX-License-Identifier: Apache-2.0
#include "../kernels/rotated_roi_align.h"

#include "region_mean.h"

namespace pooling {
namespace {

// Each sample is a patch of two rows and two columns.
template <class Storage>
class RotatedPlan {
   public:
    typedef Storage StorageType;
    typedef typename StorageTraits<Storage>::Real Real;
    static constexpr bool kTakesLanes = true;

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
                    patches_.add({rows, taps_.add(column_stride, [&](const auto& visit) {
                                      visit_sample(x, factor_, visit);
                                  })});
                });
                cells_.add({begin, patches_.size()});
            }
            if (taps_.failed() || patches_.failed() || cells_.failed()) {
                return false;
            }
        }
        return true;
    }

    template <class Vector>
    POOLING_FUNCTION void forward(const RegionCell& cell) const {
        const Storage* x = static_cast<const Storage*>(arrays_[kInput]);
        const Storage* map = x + p_.input.at(cell.image, cell.input_channel, 0, 0);
        Storage* y = static_cast<Storage*>(arrays_[kOutput]);
        Range patches = cells_[cell.row * p_.columns + cell.column];
        Vector half{};
        for (Index i = patches.begin; i < patches.end; i++) {
            half += patch_sum<Vector>(taps_, patches_[i], map, p_.input.channel, cell.lanes);
        }
        store_lanes(y + p_.output.at(cell.region, cell.channel, cell.row, cell.column), p_.output.channel, cell.lanes,
                    twice_within_range(half));
    }

    template <class Vector>
    POOLING_FUNCTION void backward(const RegionCell& cell, Real* map) const {
        const Storage* gradient = static_cast<const Storage*>(arrays_[kOutput]);
        Vector of_cell =
            load_lanes<Vector>(gradient + p_.output.at(cell.region, cell.channel, cell.row, cell.column),
                               p_.output.channel, cell.lanes);
        Range patches = cells_[cell.row * p_.columns + cell.column];
        for (Index i = patches.begin; i < patches.end; i++) {
            patch_spread(taps_, patches_[i], of_cell, map);
        }
    }

   private:
    const RegionParameters& p_;
    void* const* arrays_;
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

POOLING_REGION_KERNELS(rotated_roi_align, RotatedPlan, )
