// SPDX-License-Identifier: Apache-2.0
// A thread goes along a line.
#include "../kernels/corner_pool.h"
#include "gpu_kernel.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <bool Backward>
struct CornerPool {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef CornerParameters Parameters;
        static constexpr int kArrays = Backward ? 3 : 2;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const CornerParameters& p = request.parameters;
            plan.threads[0] = p.batch * p.channels * p.lines;
            plan.wide = is_wide(plan.threads[0]);
        }

        // Neighbouring threads take neighbouring lines, or channels where these lie side by side.
        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            bool channels_last = p.x.channel == 1 && p.x.line != 1;
            Index channel = channels_last ? take_last(thread, p.channels) : 0;
            Index line = take_last(thread, p.lines);
            channel = channels_last ? channel : take_last(thread, p.channels);
            const Storage* x = arrays.at<const Storage>(0) + p.x.offset(thread, channel, line);
            auto element = [&](Index i) { return load(x + i * p.x.step); };
            if constexpr (Backward) {
                Storage* result = arrays.at<Storage>(2) + p.x_gradient.offset(thread, channel, line);
                backward(p, element, arrays.at<const Storage>(1) + p.y.offset(thread, channel, line), result);
            } else {
                Storage* y = arrays.at<Storage>(1) + p.y.offset(thread, channel, line);
                for_each_largest<Real>(p.length, element, [&](Index i, const Largest<Real>& largest) {
                    store(y + i * p.y.step, largest.value);
                });
            }
        }

    private:
        // Sums grow while an element stays the largest, and are written when another takes its place.
        template <class Element>
        POOLING_DEVICE static void backward(const CornerParameters& p, const Element& element, const Storage* gradient,
                                            Storage* result) {
            Real sum = 0;
            Index chosen = 0;
            for_each_largest<Real>(p.length, element, [&](Index i, const Largest<Real>& largest) {
                Index place = static_cast<Index>(largest.place);
                if (place != chosen) {
                    store(result + chosen * p.x_gradient.step, sum);
                    chosen = place;
                    sum = 0;
                }
                sum += load(gradient + i * p.y.step);
                if (place != i) {
                    store(result + i * p.x_gradient.step, Real(0));
                }
            });
            store(result + chosen * p.x_gradient.step, sum);
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(corner_pool, corner_pool_forward, pooling::CornerPool<false>, 1)
POOLING_GPU_KERNEL(corner_pool, corner_pool_backward, pooling::CornerPool<true>, 1)
