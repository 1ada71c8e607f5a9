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

    template <class Vector>
    void forward(const RegionCell& cell) const {
        Base::template forward<Vector>(cell);
        Storage* counts = static_cast<Storage*>(this->arrays_[kExtra]);
        Real count = static_cast<Real>(this->op_.count(cell.row, cell.column));
        for (int lane = 0; lane < cell.lanes; lane++) {
            store(counts + this->p_.extra.at(cell.region, cell.channel + lane, cell.row, cell.column), count);
        }
    }
};

}  // namespace
}  // namespace pooling

POOLING_REGION_KERNELS(deformable_ps_roi_pool, DeformablePsRoiPoolPlan,
                       POOLING_KERNEL("deformable_ps_roi_pool_offsets", RegionParameters, 8,
                                      OffsetKernel<DeformablePsRoiPool>::run),)
