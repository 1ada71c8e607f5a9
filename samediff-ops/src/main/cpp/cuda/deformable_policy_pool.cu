// SPDX-License-Identifier: Apache-2.0
#include "../kernels/deformable_policy_pool.h"
#include "map_place.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// What the kernels share: a thread has a window of a group of channels.
template <int Arrays>
struct PolicyKernel {
    typedef PolicyParameters Parameters;
    static constexpr int kArrays = Arrays;
    static constexpr int kPasses = 1;

    static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
        const Parameters& p = request.parameters;
        plan.wide = is_wide(p.windows() * p.taps);
        plan.threads[0] = p.windows();
    }

    POOLING_DEVICE static PolicyWindow window(const PolicyParameters& p, Index thread) {
        MapPlace at = MapPlace::of(
            thread, p.groups, [&](int a) { return a == 0   ? 1
                                                  : a == 1 ? p.rows
                                                           : p.columns; },
            has_channels_last(p.logits));
        return {at.batch, at.channel, at.axes[1], at.axes[2]};
    }
};

struct PolicyChoice {
    template <class Storage>
    struct Of : PolicyKernel<4> {
        template <int Pass>
        POOLING_DEVICE static void run(const PolicyParameters& p, const GpuArrays& arrays, char*, Index thread) {
            choose_places(p, arrays.addresses[0], arrays.at<const Storage>(1), arrays.at<Storage>(2),
                          arrays.at<Index>(3), Of::window(p, thread));
        }
    };
};

struct PolicyRepetition {
    template <class Storage>
    struct Of : PolicyKernel<3> {
        template <int Pass>
        POOLING_DEVICE static void run(const PolicyParameters& p, const GpuArrays& arrays, char*, Index thread) {
            repeat_choice(p, arrays.at<const Index>(1), arrays.at<Storage>(2), Of::window(p, thread));
        }
    };
};

struct PolicyGradient {
    template <class Storage>
    struct Of : PolicyKernel<4> {
        template <int Pass>
        POOLING_DEVICE static void run(const PolicyParameters& p, const GpuArrays& arrays, char*, Index thread) {
            policy_gradient(p, arrays.addresses[0], arrays.at<const Index>(1), arrays.at<const Storage>(2),
                            arrays.at<Storage>(3), Of::window(p, thread));
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(deformable_policy_pool, deformable_policy_pool_choice, pooling::PolicyChoice, 1)
POOLING_GPU_KERNEL(deformable_policy_pool, deformable_policy_pool_repetition, pooling::PolicyRepetition, 1)
POOLING_GPU_KERNEL(deformable_policy_pool, deformable_policy_pool_gradient, pooling::PolicyGradient, 1)
