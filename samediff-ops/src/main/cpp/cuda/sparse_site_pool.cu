// SPDX-License-Identifier: Apache-2.0
// A thread computes one number; neighbouring threads have neighbouring channels.
#include "../kernels/sparse_site_pool.h"
#include "gpu_kernel.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class P, int Arrays, class Body>
struct SiteKernel {
    template <class Storage>
    struct Of {
        typedef P Parameters;
        static constexpr int kArrays = Arrays;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<P>& request, GpuPlan& plan) {
            plan.threads[0] = request.parameters.rows * request.parameters.channels;
            plan.wide = is_wide(plan.threads[0]);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const P& p, const GpuArrays& arrays, char*, Index thread) {
            Index channel = take_last(thread, p.channels);
            Body::template number<Storage>(p, arrays, thread, channel);
        }
    };
};

struct SiteResult {
    template <class Storage>
    POOLING_DEVICE static void number(const SiteParameters& p, const GpuArrays& arrays, Index row, Index channel) {
        typedef typename StorageTraits<Storage>::Real Real;
        const Index* first = arrays.at<const Index>(1) + row;
        const Index* members = arrays.at<const Index>(2) + first[0];
        Index count = first[1] - first[0];
        const Storage* x = arrays.at<const Storage>(0) + channel * p.x.channel;
        Storage* y = arrays.at<Storage>(3) + row * p.y.row + channel * p.y.channel;
        if (p.average != 0) {
            Real share = Real(1) / static_cast<Real>(count);
            Real sum = 0;
            for (Index i = 0; i < count; i++) {
                sum += load(x + members[i] * p.x.row) * share;
            }
            store(y, sum);
            return;
        }
        LargestMember<Real> m = {load(x + members[0] * p.x.row), Real(0)};
        for (Index i = 1; i < count; i++) {
            m.take(load(x + members[i] * p.x.row), i);
        }
        store(y, m.value);
        arrays.at<Index>(4)[row * p.index.row + channel * p.index.channel] = members[static_cast<Index>(m.number)];
    }
};

struct SiteGradient {
    template <class Storage>
    POOLING_DEVICE static void number(const SiteGradientParameters& p, const GpuArrays& arrays, Index row,
                                      Index channel) {
        typedef typename StorageTraits<Storage>::Real Real;
        const Index* first = arrays.at<const Index>(2);
        const Index* of_row = arrays.at<const Index>(3) + row;
        const Index* results = arrays.at<const Index>(4);
        Real sum = 0;
        for (Index i = of_row[0]; i < of_row[1]; i++) {
            Index result = results[i];
            Real gradient =
                load(arrays.at<const Storage>(0) + result * p.y_gradient.row + channel * p.y_gradient.channel);
            if (p.average != 0) {
                sum += gradient * (Real(1) / static_cast<Real>(first[result + 1] - first[result]));
            } else if (arrays.at<const Index>(1)[result * p.index.row + channel * p.index.channel] == row) {
                sum += gradient;
            }
        }
        store(arrays.at<Storage>(5) + row * p.x_gradient.row + channel * p.x_gradient.channel, sum);
    }
};

typedef SiteKernel<SiteParameters, 5, SiteResult> SiteForward;
typedef SiteKernel<SiteGradientParameters, 6, SiteGradient> SiteBackward;

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(sparse_site_pool, sparse_site_pool_forward, pooling::SiteForward, 1)
POOLING_GPU_KERNEL(sparse_site_pool, sparse_site_pool_backward, pooling::SiteBackward, 1)
