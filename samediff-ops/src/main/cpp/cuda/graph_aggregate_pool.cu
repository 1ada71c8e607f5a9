// SPDX-License-Identifier: Apache-2.0
// A thread has a group and a feature. Passes of the gradient: nodes, and parts of the parameter's; parts of the sum of
// these; their sum.
#include "../kernels/graph_aggregate_pool.h"
#include "ordered_sums.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <bool Backward>
struct GraphAggregate {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef GraphAggregateParameters Parameters;
        static constexpr int kArrays = Backward ? 7 : 5;
        static constexpr int kPasses = Backward ? 3 : 1;
        static constexpr Index kShare = 64;  // addends of a part

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const GraphAggregateParameters& p = request.parameters;
            Index items = p.groups * p.features;
            plan.threads[0] = items;
            plan.wide = is_wide(items) || is_wide(p.listed) || is_wide(p.size[0] * p.size[1] * p.size[2] * p.groups);
            if constexpr (Backward) {
                GpuScratch memory(nullptr);
                memory.take<double>(items);
                memory.take<double>(parts_of_sum(items, kShare));
                plan.scratch = memory.used();
                bool learns = request.addresses[6] != 0;
                plan.threads[1] = learns ? parts_of_sum(items, kShare) : 0;
                plan.threads[2] = learns ? 1 : 0;
            }
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            Index items = p.groups * p.features;
            GpuScratch memory(scratch);
            double* addends = memory.take<double>(items);
            Index count = parts_of_sum(items, kShare);
            double* parts = memory.take<double>(count);
            if constexpr (Pass == 2) {
                store(arrays.at<Storage>(6), static_cast<Real>(sum_of_parts(parts, count, 1)));
            } else if constexpr (Pass == 1) {
                double sum = 0;
                for (Index i = thread; i < items; i += count) {
                    sum += addends[i];
                }
                parts[thread] = sum;
            } else {
                aggregate(p, arrays, addends, thread);
            }
        }

    private:
        POOLING_DEVICE static void aggregate(const Parameters& p, const GpuArrays& arrays, double* addends,
                                             Index thread) {
            Index group = thread;
            Index feature = take_last(group, p.features);
            const Index* begins = arrays.at<const Index>(1);
            const Index* nodes = arrays.at<const Index>(2);
            const Storage* parameter = arrays.at<const Storage>(3);
            auto offset = [&](Index i, const TensorStrides& s) {
                return node_offset(nodes == nullptr ? i : nodes[i], p.size, s);
            };
            NodeAggregate<Storage, decltype(offset)> result(
                p, arrays.at<const Storage>(0), {begins[group], begins[group + 1]},
                parameter == nullptr ? Real(0) : load(parameter), feature, offset);
            Index at = group_offset(group, p.groups_of_example, p.y) + feature * p.y.channel;
            if constexpr (Backward) {
                addends[thread] =
                    result.backward(load(arrays.at<const Storage>(4) + at), arrays.at<Storage>(5), feature);
            } else {
                store(arrays.at<Storage>(4) + at, result.value());
            }
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(graph_aggregate_pool, graph_aggregate_pool_forward, pooling::GraphAggregate<false>, 1)
POOLING_GPU_KERNEL(graph_aggregate_pool, graph_aggregate_pool_backward, pooling::GraphAggregate<true>, 3)
