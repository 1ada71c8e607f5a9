// SPDX-License-Identifier: Apache-2.0
#include "../kernels/graph_aggregate_pool.h"

#include "kernel_table.h"
#include "scratch.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

// A group and a feature are one piece of work; where the nodes stand is found once for all features.
template <class Storage>
class Aggregation {
    typedef typename StorageTraits<Storage>::Real Real;

public:
    Aggregation(const void* parameters, void* const* arrays)
        : p_(*static_cast<const GraphAggregateParameters*>(parameters)),
          x_(static_cast<const Storage*>(arrays[0])),
          begins_(static_cast<const Index*>(arrays[1])),
          nodes_(static_cast<const Index*>(arrays[2])),
          parameter_(arrays[3] == nullptr ? Real(0) : load(static_cast<const Storage*>(arrays[3]))),
          offsets_(p_.listed),
          gradient_offsets_(p_.listed) {
        if (!offsets_ || !gradient_offsets_) {
            return;
        }
        parallel_ranges(p_.listed, 8, [&](Index begin, Index end) {
            for (Index i = begin; i < end; i++) {
                Index node = nodes_ == nullptr ? i : nodes_[i];
                offsets_.get()[i] = node_offset(node, p_.size, p_.x);
                gradient_offsets_.get()[i] = node_offset(node, p_.size, p_.x_gradient);
            }
        });
    }

    KernelStatus forward(Storage* y) const {
        if (!offsets_) {
            return kOutOfMemory;
        }
        for_each([&](Index group, Index feature, const auto& aggregate) {
            store(y + group_offset(group, p_.groups_of_example, p_.y) + feature * p_.y.channel, aggregate.value());
        });
        return kSuccess;
    }

    KernelStatus backward(const Storage* y_gradient, Storage* x_gradient, Storage* parameter_gradient) const {
        Scratch<double> parts(p_.groups * p_.features);
        if (!offsets_ || !gradient_offsets_ || !parts) {
            return kOutOfMemory;
        }
        for_each([&](Index group, Index feature, const auto& aggregate) {
            Index at = group_offset(group, p_.groups_of_example, p_.y) + feature * p_.y.channel;
            parts.get()[group * p_.features + feature] = aggregate.backward(load(y_gradient + at), x_gradient, feature);
        });
        if (parameter_gradient != nullptr) {
            double sum = 0;
            for (Index i = 0; i < p_.groups * p_.features; i++) {
                sum += parts.get()[i];
            }
            store(parameter_gradient, static_cast<Real>(sum));
        }
        return kSuccess;
    }

private:
    const GraphAggregateParameters& p_;
    const Storage* x_;
    const Index* begins_;
    const Index* nodes_;
    Real parameter_;
    Scratch<Index> offsets_;
    Scratch<Index> gradient_offsets_;

    template <class Body>
    void for_each(const Body& body) const {
        Index work = 8 * (p_.listed / maximum(1, p_.groups) + 1);
        auto offset = [&](Index i, const TensorStrides& s) {
            return (&s == &p_.x ? offsets_ : gradient_offsets_).get()[i];
        };
        parallel_ranges(p_.groups * p_.features, work, [&](Index begin, Index end) {
            for (Index i = begin; i < end; i++) {
                Index group = i / p_.features;
                Index feature = i % p_.features;
                NodeAggregate<Storage, decltype(offset)> aggregate(p_, x_, {begins_[group], begins_[group + 1]},
                                                                   parameter_, feature, offset);
                body(group, feature, aggregate);
            }
        });
    }
};

template <class Storage>
KernelStatus graph_aggregate_forward(const void* parameters, void* const* arrays) {
    return Aggregation<Storage>(parameters, arrays).forward(static_cast<Storage*>(arrays[4]));
}

template <class Storage>
KernelStatus graph_aggregate_backward(const void* parameters, void* const* arrays) {
    return Aggregation<Storage>(parameters, arrays)
        .backward(static_cast<const Storage*>(arrays[4]), static_cast<Storage*>(arrays[5]),
                  static_cast<Storage*>(arrays[6]));
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(graph_aggregate_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(graph_aggregate_pool)[] = {
    POOLING_KERNEL("graph_aggregate_pool_forward", GraphAggregateParameters, 5, graph_aggregate_forward),
    POOLING_KERNEL("graph_aggregate_pool_backward", GraphAggregateParameters, 7, graph_aggregate_backward),
    {},
};

}  // namespace pooling
