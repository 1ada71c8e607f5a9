// SPDX-License-Identifier: Apache-2.0
// One number from the nodes x_i of a group, feature by feature:
//     mean, sum, maximum (the first of the largest)
//     softmax   y = sum_i w_i x_i,   w_i = exp(t x_i) / sum_j exp(t x_j)
//               dy/dx_i = w_i (1 + t (x_i - y)),   dy/dt = sum_i w_i x_i (x_i - y) = sum_i w_i (x_i - y)^2
//     power     y = (mean_i max(0, x_i)^p)^(1/p), as in power_mean.h
// A group without nodes gives 0. Sums are taken in double, in the order of the list.
#pragma once

#include "../core/storage.h"
#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

enum Aggregator { kMeanNodes, kMaximumNode, kSumNodes, kSoftmaxNodes, kPowerMeanNodes };

// Arrays: x, begins of the groups in the list of nodes, that list (or none: the list is 0, 1, 2, ...), parameter (or
// none), y; in the backward pass gradient of y, then gradients of x and parameter. The list numbers the positions of
// all examples, each at most once. Java fills it in (NodeGroups.java).
struct GraphAggregateParameters {
    Index groups;
    Index features;
    Index listed;
    Index size[kAxes];  // of an example
    Index aggregator;
    Index groups_of_example;  // of y, which is [example, feature, group]
    TensorStrides x;
    TensorStrides x_gradient;
    TensorStrides y;
};

// Where a node stands in an array.
POOLING_FUNCTION Index node_offset(Index node, const Index* size, const TensorStrides& s) {
    Index rest = quotient(node, size[2]);
    Index column = node - rest * size[2];
    Index plane = quotient(rest, size[1]);
    Index row = rest - plane * size[1];
    Index example = quotient(plane, size[0]);
    return example * s.batch + (plane - example * size[0]) * s.axes[0] + row * s.axes[1] + column * s.axes[2];
}

// Where the result of a group stands.
POOLING_FUNCTION Index group_offset(Index group, Index groups_of_example, const TensorStrides& s) {
    Index example = quotient(group, groups_of_example);
    return example * s.batch + (group - example * groups_of_example) * s.axes[2];
}

// The groups of a call. offset(i, strides): where the i-th node of the list stands.
template <class Storage, class Offset>
class NodeAggregate {
    typedef typename StorageTraits<Storage>::Real Real;
    static constexpr Real kLeastPower = Real(1) / 64;

public:
    POOLING_FUNCTION NodeAggregate(const GraphAggregateParameters& p, const Storage* x, Range listed, Real parameter,
                                   Index feature, const Offset& offset)
        : p_(p), x_(x + feature * p.x.channel), listed_(listed), parameter_(parameter), offset_(offset) {
        if (listed.size() <= 0) {
            return;
        }
        switch (p.aggregator) {
            case kMeanNodes:
            case kSumNodes:
                sum();
                break;
            case kMaximumNode:
                y_ = static_cast<double>(extreme(true));
                break;
            case kSoftmaxNodes:
                softmax();
                break;
            default:
                power_mean();
        }
    }

    POOLING_FUNCTION Real value() const {
        return static_cast<Real>(y_);
    }

    // Writes the gradients of the group's nodes and returns the part of the parameter's. g: gradient of y.
    POOLING_FUNCTION double backward(Real g, Storage* x_gradient, Index feature) const {
        Storage* gradient = x_gradient + feature * p_.x_gradient.channel;
        auto write = [&](Index i, Real value) { store(gradient + offset_(i, p_.x_gradient), value); };
        double by_parameter = 0;
        Real count = static_cast<Real>(listed_.size());
        for (Index i = listed_.begin; i < listed_.end; i++) {
            if (p_.aggregator == kMeanNodes) {
                write(i, g / count);
            } else if (p_.aggregator == kSumNodes) {
                write(i, g);
            } else if (p_.aggregator == kMaximumNode) {
                write(i, i == chosen_ ? g : Real(0));
            } else if (p_.aggregator == kSoftmaxNodes) {
                Real x = element(i);
                double w = static_cast<double>(weight(x)) / total_;
                double deviation = static_cast<double>(x) - y_;
                write(i, static_cast<Real>(part(w, 1 + static_cast<double>(parameter_) * deviation)) * g);
                by_parameter += part(w, deviation * deviation);
            } else {
                Real b = base(element(i));
                Real a = b / reference_;
                bool positive = reference_ > 0 && b > 0;
                Real ratio = positive ? power(b / static_cast<Real>(y_), power_ - 1) / count : Real(0);
                write(i, y_ != y_ ? static_cast<Real>(y_) : g * ratio);
                by_parameter += positive ? static_cast<double>(power(a, power_) * logarithm(a)) : 0;
            }
        }
        if (p_.aggregator == kSoftmaxNodes) {
            return static_cast<double>(g) * by_parameter;
        }
        if (p_.aggregator == kPowerMeanNodes && listed_.size() > 0 && reference_ > 0 && !(parameter_ < kLeastPower)) {
            double p = static_cast<double>(power_);
            double mean = total_ / static_cast<double>(count);
            return static_cast<double>(g) * y_ *
                   (by_parameter / static_cast<double>(count) / (mean * p) - logarithm(mean) / (p * p));
        }
        return y_ != y_ && p_.aggregator == kPowerMeanNodes ? y_ : 0;
    }

private:
    const GraphAggregateParameters& p_;
    const Storage* x_;
    Range listed_;
    Real parameter_;
    const Offset& offset_;
    Real reference_ = 0;  // largest base, or the element with the largest exponent
    Real power_ = 0;
    double total_ = 0;  // of the weights
    double y_ = 0;
    Index chosen_ = 0;

    POOLING_FUNCTION Real element(Index i) const {
        return load(x_ + offset_(i, p_.x));
    }

    // The first of the largest or smallest; a NaN is both.
    POOLING_FUNCTION Real extreme(bool largest) {
        chosen_ = listed_.begin;
        Real best = element(chosen_);
        for (Index i = listed_.begin + 1; i < listed_.end; i++) {
            Real x = element(i);
            bool better = largest ? x > best : x < best;
            if ((better || x != x) && best == best) {
                best = x;
                chosen_ = i;
            }
        }
        return best;
    }

    POOLING_FUNCTION void sum() {
        double scale = p_.aggregator == kMeanNodes ? 1 / static_cast<double>(listed_.size()) : 1;
        for (Index i = listed_.begin; i < listed_.end; i++) {
            y_ += static_cast<double>(element(i)) * scale;
        }
    }

    // Between 0 and 1.
    POOLING_FUNCTION Real weight(Real x) const {
        return exponential_of_nonpositive(parameter_ == Real(0) && x == x ? Real(0) : parameter_ * (x - reference_));
    }

    POOLING_FUNCTION void softmax() {
        reference_ = extreme(!(parameter_ < Real(0)));
        double weighted = 0;
        for (Index i = listed_.begin; i < listed_.end; i++) {
            Real x = element(i);
            double w = static_cast<double>(weight(x));
            total_ += w;
            weighted += part(w, static_cast<double>(x));
        }
        y_ = weighted / total_;
    }

    POOLING_FUNCTION static Real base(Real x) {
        return x < Real(0) ? Real(0) : x;
    }

    POOLING_FUNCTION void power_mean() {
        power_ = parameter_ < kLeastPower ? kLeastPower : parameter_;
        reference_ = base(extreme(true));
        if (reference_ == Real(0)) {
            return;
        }
        for (Index i = listed_.begin; i < listed_.end; i++) {
            total_ += static_cast<double>(power(base(element(i)) / reference_, power_));
        }
        double mean = total_ / static_cast<double>(listed_.size());
        y_ = static_cast<double>(reference_) * power(mean, 1 / static_cast<double>(power_));
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
