// SPDX-License-Identifier: Apache-2.0
// The mean of a window weighted by exp(h_i), h_i = 2 |x_i mu| / (x_i^2 + mu^2) the Dice-Sorensen coefficient of an
// element and the window's mean mu; 0 where both are 0.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Window>
class DiceSorensenMean {
    typedef typename Window::Real Real;
    typedef typename Window::Element Element;

public:
    POOLING_FUNCTION explicit DiceSorensenMean(const Window& w) : w_(w), mean_(mean_of(w)) {
        Real total = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            Real weight_of_tap = weight(i);
            w.keep(kWeight, i, weight_of_tap);
            total += weight_of_tap;
        }
        share_ = Element(1) / total;
        y_ = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            y_ += kept_weight(i) / total * w.x(i);  // of one element: exactly that
        }
    }

    POOLING_FUNCTION Real value() const {
        return y_;
    }

    // Gradient of an element, but for what comes through the mean.
    POOLING_FUNCTION Real derivative(Index i) const {
        return share(i) + deviation(i) * slope(w_.x(i), mean_);
    }

    // Gradient of every element through the mean.
    POOLING_FUNCTION Real derivative_through_mean() const {
        Real sum = broadcast<Real>(0);
        for (Index i = 0; i < w_.count(); i++) {
            sum += deviation(i) * slope(mean_, w_.x(i));
        }
        return sum * reciprocal<Element>(w_.count());
    }

private:
    enum { kWeight };  // what is kept of every tap

    const Window& w_;
    Real mean_;
    Real share_;  // of a weight of 1
    Real y_;

    POOLING_FUNCTION static Real larger(Real a, Real b) {
        return a > b ? a : b;
    }

    // Of numbers relative to the larger one, so that squares do not overflow.
    POOLING_FUNCTION Real coefficient(Real x) const {
        Real a = absolute(x);
        Real m = absolute(mean_);
        Real scale = larger(a, m);
        Real u = a / scale;
        Real v = m / scale;
        Real h = u * v * Element(2) / (u * u + v * v);
        return scale == Element(0) ? broadcast<Real>(0) : h;
    }

    // Derivative of the coefficient by the first of its two numbers.
    POOLING_FUNCTION static Real slope(Real a, Real b) {
        Real scale = larger(absolute(a), absolute(b));
        Real u = a / scale;
        Real v = b / scale;
        Real squares = u * u + v * v;
        Real result = absolute(v) * sign(a) * (v * v - u * u) * Element(2) / (squares * squares) / scale;
        return scale == Element(0) ? broadcast<Real>(0) : result;
    }

    POOLING_FUNCTION Real weight(Index i) const {
        return exponential_of_nonpositive(coefficient(w_.x(i)) - Element(1));
    }

    POOLING_FUNCTION Real kept_weight(Index i) const {
        return w_.kept(kWeight, i, [&]() { return weight(i); });
    }

    POOLING_FUNCTION Real share(Index i) const {
        return kept_weight(i) * share_;
    }

    POOLING_FUNCTION Real deviation(Index i) const {
        return share(i) * w_.x(i) - share(i) * y_;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
