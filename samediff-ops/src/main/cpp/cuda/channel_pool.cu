// SPDX-License-Identifier: Apache-2.0
// A thread has all channels of a place.
#include "../kernels/channel_pool.h"
#include "map_place.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <bool Backward>
struct ChannelPool {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef ChannelPoolParameters Parameters;
        static constexpr int kArrays = Backward ? 3 : 2;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const ChannelPoolParameters& p = request.parameters;
            plan.threads[0] = p.batch * positions_of(p.input);
            plan.wide = is_wide(plan.threads[0]);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            MapPlace at = MapPlace::of(
                thread, 1, [&](int a) { return p.input[a]; }, false);
            const Storage* x = arrays.at<const Storage>(0) + at.offset(p.x);
            auto element = [&](Index c) { return load(x + c * p.x.channel); };
            auto result = ChannelResult<Real>::first(element(0));
            for (Index c = 1; c < p.channels; c++) {
                result.take(element(c), c);
            }
            Real channels = static_cast<Real>(p.channels);
            if constexpr (Backward) {
                const Storage* gradient = arrays.at<const Storage>(1) + at.offset(p.y);
                Real of_largest = load(gradient);
                Real share = load(gradient + p.y.channel) / channels;
                Storage* target = arrays.at<Storage>(2) + at.offset(p.x_gradient);
                Index chosen = static_cast<Index>(result.largest.place);
                for (Index c = 0; c < p.channels; c++) {
                    store(target + c * p.x_gradient.channel, c == chosen ? share + of_largest : share);
                }
            } else {
                Storage* y = arrays.at<Storage>(1) + at.offset(p.y);
                Real mean = result.sum / channels;
                if (!is_finite(result.sum)) {
                    mean = halved_channel_mean<Real>(p.channels, element);
                }
                store(y, result.largest.value);
                store(y + p.y.channel, mean);
            }
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(channel_pool, channel_pool_forward, pooling::ChannelPool<false>, 1)
POOLING_GPU_KERNEL(channel_pool, channel_pool_backward, pooling::ChannelPool<true>, 1)
