// SPDX-License-Identifier: Apache-2.0
// The power mean of a window's bases b_i >= 0: y = (mean_i b_i^p)^(1/p), with a_i = b_i / M, M the largest base and
// m = mean_i a_i^p:
//     y = M m^(1/p),   dy/db_i = (b_i / y)^(p - 1) / N,   dy/dp = y (sum_i a_i^p ln a_i / (N m p) - ln m / p^2)
// with ln(b_i / y) = ln a_i - ln m / p. All are 0 where M is 0. Powers below least_power count as that, without
// gradient.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Element>
POOLING_FUNCTION constexpr Element least_power() {
    return Element(1) / 64;
}

template <class Operator, class Window>
class PowerMean {
    typedef typename Window::Real Real;
    typedef typename Window::Element Element;
    static constexpr Element kLeastPower = least_power<Element>();

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
            Real logarithm_of_tap = new_logarithm(i);
            w.keep(kLogarithm, i, logarithm_of_tap);
            Real term = new_term(i);
            w.keep(kTerm, i, term);
            mean_ += term * reciprocal<Element>(w.count());
        }
        log_mean_ = logarithm(mean_);
        y_ = largest_ * exponential_of_nonpositive(log_mean_ / p_);
        y_ = largest_ == Element(0) ? largest_ : y_;
    }

    POOLING_FUNCTION Real value() const {
        return y_;
    }

    POOLING_FUNCTION void backward() const {
        const Element share = reciprocal<Element>(w_.count());
        Real gradient = w_.gradient();
        Real log_ratio = log_mean_ / p_;  // of y to M
        Real logarithms = broadcast<Real>(0);
        for (Index i = 0; i < w_.count(); i++) {
            Real log_base = logarithm_of(i);
            Real derivative = exponential((p_ - Element(1)) * (log_base - log_ratio)) * op_.slope(w_, i) * share;
            auto zero =
                (largest_ == Element(0)) | ((log_base < -FloatFormat<Element>::kLargest) & (log_ratio == log_ratio));
            w_.add_x_gradient(i, zero ? broadcast<Real>(0) : gradient * derivative);
            Real term = term_of(i);
            logarithms += term == Element(0) ? broadcast<Real>(0) : term * log_base;
        }
        Real by_power = y_ * (logarithms * share / (mean_ * p_) - log_mean_ / (p_ * p_));
        auto constant = (largest_ == Element(0)) | (w_.parameter(0) < kLeastPower);
        w_.set_parameter_gradient(0, constant ? broadcast<Real>(0) : gradient * by_power);
    }

private:
    enum { kLogarithm, kTerm };  // what is kept of every tap

    const Operator& op_;
    const Window& w_;
    Real p_;
    Real largest_;
    Real mean_;
    Real log_mean_;
    Real y_;

    // ln a_i; -infinity where a_i is 0.
    POOLING_FUNCTION Real new_logarithm(Index i) const {
        Real a = op_.base(w_, i) / largest_;
        return a == Element(0) ? broadcast<Real>(-FloatFormat<Element>::kLargest) * Element(2) : logarithm(a);
    }

    POOLING_FUNCTION Real logarithm_of(Index i) const {
        return w_.kept(kLogarithm, i, [&]() { return new_logarithm(i); });
    }

    // a_i^p
    POOLING_FUNCTION Real new_term(Index i) const {
        return exponential_of_nonpositive(p_ * logarithm_of(i));
    }

    POOLING_FUNCTION Real term_of(Index i) const {
        return w_.kept(kTerm, i, [&]() { return new_term(i); });
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
