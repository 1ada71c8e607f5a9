// SPDX-License-Identifier: Apache-2.0
#include "../kernels/winner_take_all.h"
#include "map_place.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Passes: the threshold of each map of one channel, a thread for each; then every element.
template <int Arrays>
struct WinnerTakeAll {
    template <class Storage>
    struct Of {
        typedef TopElementsParameters<Arrays> Parameters;
        typedef typename StorageTraits<Storage>::Real Real;
        typedef typename RealTraits<Real>::Bits Bits;
        static constexpr int kArrays = Arrays;
        static constexpr int kPasses = 2;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const Parameters& p = request.parameters;
            Index planes = p.batch * p.channels;
            plan.scratch = planes * Index(sizeof(TopThreshold<Bits>));
            plan.threads[0] = planes;
            plan.threads[1] = planes * positions_of(p.size);
            plan.wide = is_wide(plan.threads[1]);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            TopThreshold<Bits>* thresholds = reinterpret_cast<TopThreshold<Bits>*>(scratch);
            const Storage* x = arrays.at<const Storage>(0);
            if constexpr (Pass == 0) {
                Index batch = thread;
                Index channel = take_last(batch, p.channels);
                const Storage* plane = x + batch * p.strides[0].batch + channel * p.strides[0].channel;
                auto keys = [&](Index i) {
                    return order_key(load(plane + offset_of_position(i, p.size, p.strides[0])));
                };
                thresholds[thread] = top_threshold<Bits>(keys, positions_of(p.size), p.k);
            } else {
                MapPlace at = MapPlace::of(
                    thread, p.channels, [&](int a) { return p.size[a]; }, has_channels_last(p.strides[0]));
                Bits key = order_key(load(x + at.offset(p.strides[0])));
                Storage value = {};
                if (thresholds[at.batch * p.channels + at.channel].takes(key, position_in(p.size, at.axes))) {
                    value = arrays.at<const Storage>(Arrays - 2)[at.offset(p.strides[Arrays - 2])];
                }
                arrays.at<Storage>(Arrays - 1)[at.offset(p.strides[Arrays - 1])] = value;
            }
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(winner_take_all, winner_take_all_forward, pooling::WinnerTakeAll<2>, 2)
POOLING_GPU_KERNEL(winner_take_all, winner_take_all_backward, pooling::WinnerTakeAll<3>, 2)
