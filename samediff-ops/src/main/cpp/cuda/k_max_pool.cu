// SPDX-License-Identifier: Apache-2.0
#include "../kernels/k_max_pool.h"
#include "map_place.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// One thread a sequence.
struct KMaxForward {
    template <class Storage>
    struct Of {
        typedef TopElementsParameters<4> Parameters;
        typedef typename StorageTraits<Storage>::Real Real;
        typedef typename RealTraits<Real>::Bits Bits;
        static constexpr int kArrays = 4;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            plan.threads[0] = request.parameters.batch * request.parameters.channels;
            plan.wide = is_wide(plan.threads[0]);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            Index batch = thread;
            Index channel = take_last(batch, p.channels);
            auto plane = [&](int array) { return batch * p.strides[array].batch + channel * p.strides[array].channel; };
            const Storage* x = arrays.at<const Storage>(0) + plane(0);
            const Storage* mask = arrays.at<const Storage>(1);
            Storage* y = arrays.at<Storage>(2) + plane(2);
            Index* index = arrays.at<Index>(3) + plane(3);
            auto keys = [&](Index i) {
                bool takes_part = mask == nullptr || load(mask + plane(1) + i * p.strides[1].axes[2]) != 0;
                return takes_part ? order_key(load(x + i * p.strides[0].axes[2])) : Bits(0);
            };
            auto threshold = top_threshold<Bits>(keys, p.size[2], p.k);
            Index taken = 0;
            for (Index i = 0; i < p.size[2]; i++) {
                if (threshold.takes(keys(i), i)) {
                    y[taken * p.strides[2].axes[2]] = x[i * p.strides[0].axes[2]];
                    index[taken * p.strides[3].axes[2]] = i;
                    taken++;
                }
            }
            for (; taken < p.k; taken++) {
                y[taken * p.strides[2].axes[2]] = Storage{};
                index[taken * p.strides[3].axes[2]] = -1;
            }
        }
    };
};

// One thread an element, which looks for itself in the index.
struct KMaxBackward {
    template <class Storage>
    struct Of {
        typedef TopElementsParameters<3> Parameters;
        static constexpr int kArrays = 3;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const Parameters& p = request.parameters;
            plan.threads[0] = p.batch * p.channels * p.size[2];
            plan.wide = is_wide(plan.threads[0]);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            MapPlace at = MapPlace::of(
                thread, p.channels, [&](int a) { return p.size[a]; }, has_channels_last(p.strides[2]));
            auto plane = [&](int array) {
                return at.batch * p.strides[array].batch + at.channel * p.strides[array].channel;
            };
            const Index* index = arrays.at<const Index>(1) + plane(1);
            Index from = result_at([&](Index o) { return index[o * p.strides[1].axes[2]]; }, p.k, at.axes[2]);
            Storage value = {};
            if (from >= 0) {
                value = arrays.at<const Storage>(0)[plane(0) + from * p.strides[0].axes[2]];
            }
            arrays.at<Storage>(2)[at.offset(p.strides[2])] = value;
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(k_max_pool, k_max_pool_forward, pooling::KMaxForward, 1)
POOLING_GPU_KERNEL(k_max_pool, k_max_pool_backward, pooling::KMaxBackward, 1)
