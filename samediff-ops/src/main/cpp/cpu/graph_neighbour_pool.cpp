// SPDX-License-Identifier: Apache-2.0
#include "../kernels/graph_neighbour_pool.h"

#include "kernel_table.h"
#include "scratch.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
class NeighbourRun {
    typedef typename StorageTraits<Storage>::Real Real;
    static constexpr Index kChunk = 64;  // nodes that share a piece of work

public:
    NeighbourRun(const void* parameters, void* const* arrays, bool backward)
        : p_(*static_cast<const GraphNeighbourParameters*>(parameters)),
          nodes_(p_.batch * p_.size[0] * p_.size[1] * p_.size[2]),
          pairs_(p_.bandwidth != 0 ? nodes_ * p_.grid : 0),
          weights_(pairs_),
          factors_(nodes_),
          by_degree_(backward ? nodes_ : 0),
          by_difference_(backward ? pairs_ : 0),
          graph_(graph_neighbours<Storage>(p_, [&](int i) -> const void* { return arrays[i]; }, backward,
                                           {weights_.get(), factors_.get(), by_degree_.get(), by_difference_.get()})) {}

    KernelStatus forward(Storage* y) const {
        if (!weights_ || !factors_) {
            return kOutOfMemory;
        }
        prepare();
        for_each_element(p_.y, y, [&](Index n, Index u, Index f) { return graph_.value(n, u, f); });
        return kSuccess;
    }

    KernelStatus backward(const Storage* gradient, Storage* x_gradient, Storage* weight_gradient) const {
        if (!weights_ || !factors_ || !by_degree_ || !by_difference_) {
            return kOutOfMemory;
        }
        prepare();
        if (weight_gradient != nullptr || graph_.has_similarity()) {
            for_each_node([&](Index node) { graph_.find_degree_gradient(node, gradient); });
        }
        if (weight_gradient != nullptr) {
            for_each_node([&](Index node) { graph_.write_weight_gradients(node, gradient, weight_gradient); });
        }
        if (graph_.has_similarity()) {
            for_each_node([&](Index node) { graph_.find_difference_gradients(node, gradient); });
        }
        for_each_element(p_.x_gradient, x_gradient,
                         [&](Index n, Index u, Index f) { return graph_.input_gradient(n, u, f, gradient); });
        return kSuccess;
    }

private:
    const GraphNeighbourParameters& p_;
    Index nodes_;
    Index pairs_;
    Scratch<Real> weights_;
    Scratch<Real> factors_;
    Scratch<double> by_degree_;
    Scratch<Real> by_difference_;
    GraphNeighbours<Storage> graph_;

    void prepare() const {
        if (graph_.has_similarity()) {
            for_each_node([&](Index node) { graph_.find_weights(node); });
        }
        if (p_.normalisation != kSumNeighbours) {
            for_each_node([&](Index node) { graph_.find_factor(node); });
        }
    }

    template <class Body>
    void for_each_node(const Body& body) const {
        parallel_ranges(nodes_, 8 * p_.features, [&](Index begin, Index end) {
            for (Index node = begin; node < end; node++) {
                body(node);
            }
        });
    }

    // Features lie in the inner loop where they are next to each other.
    template <class Value>
    void for_each_element(const TensorStrides& s, Storage* target, const Value& value) const {
        Index positions = graph_.positions();
        Index chunks = (positions + kChunk - 1) / kChunk;
        auto write = [&](Index n, Index u, Index f) {
            store(target + n * s.batch + f * s.channel + graph_.offset(u, s), value(n, u, f));
        };
        parallel_ranges(p_.batch * chunks, 8 * kChunk * p_.features, [&](Index begin, Index end) {
            for (Index i = begin; i < end; i++) {
                Index n = i / chunks;
                Index first = i % chunks * kChunk;
                Index last = minimum(positions, first + kChunk);
                if (s.channel == 1) {
                    for (Index u = first; u < last; u++) {
                        for (Index f = 0; f < p_.features; f++) {
                            write(n, u, f);
                        }
                    }
                } else {
                    for (Index f = 0; f < p_.features; f++) {
                        for (Index u = first; u < last; u++) {
                            write(n, u, f);
                        }
                    }
                }
            }
        });
    }
};

template <class Storage>
KernelStatus graph_neighbour_forward(const void* parameters, void* const* arrays) {
    return NeighbourRun<Storage>(parameters, arrays, false).forward(static_cast<Storage*>(arrays[6]));
}

template <class Storage>
KernelStatus graph_neighbour_backward(const void* parameters, void* const* arrays) {
    return NeighbourRun<Storage>(parameters, arrays, true)
        .backward(static_cast<const Storage*>(arrays[9]), static_cast<Storage*>(arrays[10]),
                  static_cast<Storage*>(arrays[11]));
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(graph_neighbour_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(graph_neighbour_pool)[] = {
    POOLING_KERNEL("graph_neighbour_pool_forward", GraphNeighbourParameters, 7, graph_neighbour_forward),
    POOLING_KERNEL("graph_neighbour_pool_backward", GraphNeighbourParameters, 12, graph_neighbour_backward),
    {},
};

}  // namespace pooling
