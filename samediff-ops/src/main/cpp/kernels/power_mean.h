// SPDX-License-Identifier: Apache-2.0
// The power mean of a window's bases b_i >= 0: y = (mean_i b_i^p)^(1/p), with a_i = b_i / M, M the largest base and
// m = mean_i a_i^p:
//     y = M m^(1/p),   dy/db_i = (b_i / y)^(p - 1) / N,   dy/dp = y (sum_i a_i^p ln a_i / (N m p) - ln m / p^2)
// All are 0 where M is 0. Powers below kLeastPower count as kLeastPower, with gradient 0.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Operator, class Window>
class PowerMean {
    typedef typename Window::Real Real;
    typedef typename Window::Element Element;
    static constexpr Element kLeastPower = Element(1) / 64;

public:
    POOLING_FUNCTION PowerMean(const Operator& op, const Window& w) : op_(op), w_(w) {
        Real p = w.parameter(0);
        p_ = p < kLeastPower ? broadcast<Real>(kLeastPower) : p;
        largest_ = op.base(w, 0);
        for (Index i = 1; i < w.count(); i++) {
            Real b = op.base(w, i);
            largest_ = (b > largest_) | (b != b) ? b : largest_;
        }
        mean_ = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            mean_ += power(op.base(w, i) / largest_, p_) * reciprocal<Element>(w.count());
        }
        y_ = largest_ * power(mean_, Element(1) / p_);
        y_ = largest_ == Element(0) ? largest_ : y_;
    }

    POOLING_FUNCTION Real value() const {
        return y_;
    }

    POOLING_FUNCTION void backward() const {
        const Element share = reciprocal<Element>(w_.count());
        Real gradient = w_.gradient();
        Real logarithms = broadcast<Real>(0);
        for (Index i = 0; i < w_.count(); i++) {
            Real b = op_.base(w_, i);
            Real derivative = power(b / y_, p_ - Element(1)) * op_.slope(w_, i) * share;
            w_.add_x_gradient(i, largest_ == Element(0) ? broadcast<Real>(0) : gradient * derivative);
            Real a = b / largest_;
            Real term = power(a, p_) * logarithm(a);
            logarithms += a == Element(0) ? broadcast<Real>(0) : term;
        }
        Real by_power = y_ * (logarithms * share / (mean_ * p_) - logarithm(mean_) / (p_ * p_));
        auto constant = (largest_ == Element(0)) | (w_.parameter(0) < kLeastPower);
        w_.set_parameter_gradient(0, constant ? broadcast<Real>(0) : gradient * by_power);
    }

private:
    const Operator& op_;
    const Window& w_;
    Real p_;
    Real largest_;
    Real mean_;
    Real y_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
