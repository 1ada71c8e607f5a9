// SPDX-License-Identifier: Apache-2.0
// Passes: weights of a grid, factors of nodes, and in the backward pass their gradients, those of weights; elements.
// A thread has a node, in the last pass a node and a feature.
#include "../kernels/graph_neighbour_pool.h"
#include "gpu_kernel.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <bool Backward>
struct GraphNeighbour {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef GraphNeighbourParameters Parameters;
        static constexpr int kArrays = Backward ? 12 : 7;
        static constexpr int kPasses = Backward ? 5 : 3;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const GraphNeighbourParameters& p = request.parameters;
            Index nodes = nodes_of(p);
            GpuScratch memory(nullptr);
            scratch_of(p, memory);
            plan.scratch = memory.used();
            plan.wide = is_wide(nodes * maximum(p.features, kMostGridNeighbours));
            plan.threads[0] = p.bandwidth != 0 ? nodes : 0;
            plan.threads[1] = p.normalisation != kSumNeighbours ? nodes : 0;
            bool weighted = p.bandwidth != 0 || (Backward && request.addresses[kArrays - 1] != 0);
            if constexpr (Backward) {
                plan.threads[2] = plan.threads[3] = weighted ? nodes : 0;
            }
            plan.threads[kPasses - 1] = nodes * p.features;
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* memory, Index thread) {
            GpuScratch scratch(memory);
            auto graph = graph_neighbours<Storage>(
                p, [&](int i) { return arrays.at<const void>(i); }, Backward, scratch_of(p, scratch));
            if constexpr (Pass == 0) {
                graph.find_weights(thread);
            } else if constexpr (Pass == 1) {
                graph.find_factor(thread);
            } else if constexpr (Backward && Pass == 2) {
                graph.find_degree_gradient(thread, arrays.at<const Storage>(9));
            } else if constexpr (Backward && Pass == 3) {
                if (graph.has_similarity()) {
                    graph.find_difference_gradients(thread, arrays.at<const Storage>(9));
                } else {
                    graph.write_weight_gradients(thread, arrays.at<const Storage>(9), arrays.at<Storage>(11));
                }
            } else {
                element(p, graph, arrays, thread);
            }
        }

    private:
        POOLING_FUNCTION static Index nodes_of(const Parameters& p) {
            return p.batch * p.size[0] * p.size[1] * p.size[2];
        }

        POOLING_FUNCTION static NeighbourScratch<Real> scratch_of(const Parameters& p, GpuScratch& memory) {
            Index nodes = nodes_of(p);
            Index pairs = p.bandwidth != 0 ? nodes * p.grid : 0;
            Real* weights = memory.take<Real>(pairs);
            Real* factors = memory.take<Real>(nodes);
            double* by_degree = memory.take<double>(Backward ? nodes : 0);
            return {weights, factors, by_degree, memory.take<Real>(Backward ? pairs : 0)};
        }

        POOLING_DEVICE static void element(const Parameters& p, const GraphNeighbours<Storage>& graph,
                                           const GpuArrays& arrays, Index thread) {
            const TensorStrides& s = Backward ? p.x_gradient : p.y;
            Index example = thread;
            Index u;
            Index feature;
            if (s.channel == 1) {
                feature = take_last(example, p.features);
                u = take_last(example, graph.positions());
            } else {
                u = take_last(example, graph.positions());
                feature = take_last(example, p.features);
            }
            Storage* target = arrays.at<Storage>(Backward ? 10 : 6) + example * s.batch + feature * s.channel;
            if constexpr (Backward) {
                store(target + graph.offset(u, s),
                      graph.input_gradient(example, u, feature, arrays.at<const Storage>(9)));
            } else {
                store(target + graph.offset(u, s), graph.value(example, u, feature));
            }
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(graph_neighbour_pool, graph_neighbour_pool_forward, pooling::GraphNeighbour<false>, 3)
POOLING_GPU_KERNEL(graph_neighbour_pool, graph_neighbour_pool_backward, pooling::GraphNeighbour<true>, 5)
