// SPDX-License-Identifier: Apache-2.0
#include "../kernels/roi_pool.h"

#include "region.h"

namespace pooling {
namespace {

template <class Storage>
class RoiPoolPlan {
public:
    typedef Storage StorageType;
    typedef typename StorageTraits<Storage>::Real Real;
    static constexpr bool kTakesLanes = false;  // each channel has a maximum of its own

    RoiPoolPlan(const RegionParameters& p, void* const* arrays, RegionPass pass)
        : p_(p), arrays_(arrays), pass_(pass) {}

    bool select(const RegionBox& box, Index, Index, Index) {
        if (pass_ == kBackwardPass) {
            return true;  // the index says it all
        }
        ElementRegion region = RoiPool::region(p_, box);
        ranges_.clear();
        for (Index i = 0; i < p_.rows; i++) {
            ranges_.add(region.y.cell(i));
        }
        for (Index j = 0; j < p_.columns; j++) {
            ranges_.add(region.x.cell(j));
        }
        return !ranges_.failed();
    }

    template <class>
    void forward(const RegionCell& cell) const {
        const Storage* x = static_cast<const Storage*>(arrays_[kInput]);
        const Storage* map = x + p_.input.at(cell.image, cell.input_channel, 0, 0);
        Range rows = ranges_[cell.row];
        Range columns = ranges_[p_.rows + cell.column];
        RoiPool::Maximum<Real> maximum = {0, -1};
        for (Index i = rows.begin; i < rows.end; i++) {
            for (Index j = columns.begin; j < columns.end; j++) {
                Real value = load(map + i * p_.input.row + j * p_.input.column);
                RoiPool::take(maximum, value, i * p_.width + j);
            }
        }
        Storage* y = static_cast<Storage*>(arrays_[kOutput]);
        Index* index = static_cast<Index*>(arrays_[kExtra]);
        store(y + p_.output.at(cell.region, cell.channel, cell.row, cell.column), maximum.value);
        index[p_.extra.at(cell.region, cell.channel, cell.row, cell.column)] = maximum.index;
    }

    void backward(const RegionCell& cell, Real* map) const {
        const Index* indices = static_cast<const Index*>(arrays_[kExtra]);
        Index index = indices[p_.extra.at(cell.region, cell.channel, cell.row, cell.column)];
        if (index >= 0 && index < p_.height * p_.width) {
            const Storage* gradient = static_cast<const Storage*>(arrays_[kOutput]);
            map[index] += load(gradient + p_.output.at(cell.region, cell.channel, cell.row, cell.column));
        }
    }

private:
    const RegionParameters& p_;
    void* const* arrays_;
    RegionPass pass_;
    GrowingArray<Range> ranges_;  // of the rows, then of the columns
};

}  // namespace
}  // namespace pooling

POOLING_REGION_KERNELS(roi_pool, RegionKernels<RoiPoolPlan>, )
