// SPDX-License-Identifier: Apache-2.0
#include "../kernels/deformable_ps_roi_pool.h"

#include "deformable_offsets.h"
#include "region_mean.h"

namespace pooling {
namespace {

// The mean, and the number of samples it is of.
template <class Storage>
class DeformablePsRoiPoolPlan : public MeanPlan<DeformablePsRoiPool<Storage>, Storage> {
public:
    typedef MeanPlan<DeformablePsRoiPool<Storage>, Storage> Base;
    typedef typename Base::Real Real;

    using Base::Base;

    void store_extra(Index region, Range channels, Range cells) const {
        Storage* counts = static_cast<Storage*>(this->arrays_[kExtra]);
        for (Index number = cells.begin; number < cells.end; number++) {
            Index row = number / this->p_.columns;
            Index column = number % this->p_.columns;
            Real count = static_cast<Real>(this->op_.count(row, column));
            for (Index c = channels.begin; c < channels.end; c++) {
                store(counts + this->p_.extra.at(region, c, row, column), count);
            }
        }
    }
};

}  // namespace
}  // namespace pooling

POOLING_REGION_KERNELS(deformable_ps_roi_pool, RegionSums<DeformablePsRoiPoolPlan>,
                       POOLING_KERNEL("deformable_ps_roi_pool_offsets", RegionParameters, 8,
                                      OffsetKernel<DeformablePsRoiPool>::run), )
