// SPDX-License-Identifier: Apache-2.0
// Local importance-based pooling (Gao, Wang, Wu, ICCV 2019): y = sum_i w_i x_i with w = softmax of the logits in the
// window, evaluated relative to the largest logit. An element with logit -infinity is left out; where all are, y is 0.
#pragma once

#include "soft_pool.h"
#include "window_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct LipPool {
    static constexpr int kElements = 1;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit LipPool(const WindowOptions&) {}

    template <class Real>
    POOLING_FUNCTION static Real weight_of(Real logit, Real maximum) {
        Real weight = exponential_of_nonpositive(SoftPool::shift(logit, maximum));
        return logit < -FloatFormat<typename RealTraits<Real>::Element>::kLargest ? broadcast<Real>(0) : weight;
    }

    template <class Window, class Real>
    POOLING_FUNCTION static Real weight(const Window& w, Index i, Real maximum) {
        return weight_of(w.element(1, i), maximum);
    }

    template <class Window>
    POOLING_FUNCTION static typename Window::Real largest_logit(const Window& w) {
        typename Window::Real m = w.element(1, 0);
        for (Index i = 1; i < w.count(); i++) {
            typename Window::Real logit = w.element(1, i);
            m = (logit > m) | (logit != logit) ? logit : m;
        }
        return m;
    }

    // Of the sum of weights, which are kept; 0 where there is none.
    template <class Window, class Real>
    POOLING_FUNCTION static Real scale(const Window& w, Real maximum) {
        typedef typename Window::Element Element;
        Real sum = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            Real weight_of_tap = weight(w, i, maximum);
            w.keep(0, i, weight_of_tap);
            sum += weight_of_tap;
        }
        return sum == Element(0) ? broadcast<Real>(0) : Element(1) / sum;
    }

    template <class Window, class Real>
    POOLING_FUNCTION static Real kept_weight(const Window& w, Index i, Real maximum) {
        return w.kept(0, i, [&]() { return weight(w, i, maximum); });
    }

    template <class Window, class Real>
    POOLING_FUNCTION static Real mean(const Window& w, Real maximum, Real share) {
        Real y = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            Real p = kept_weight(w, i, maximum) * share;
            y += p == typename Window::Element(0) ? broadcast<Real>(0) : p * w.x(i);
        }
        return y;
    }

    // The same for a window that lies in registers: its elements, then its logits.
    template <int Taps, class Real>
    POOLING_FUNCTION static Real shares_and_value(const Real* values, Real* shares) {
        typedef typename RealTraits<Real>::Element Element;
        const Real* logits = values + Taps;
        Real maximum = logits[0];
        unrolled<Taps>(
            [&](int i) { maximum = (logits[i] > maximum) | (logits[i] != logits[i]) ? logits[i] : maximum; });
        Real sum = broadcast<Real>(0);
        unrolled<Taps>([&](int i) {
            shares[i] = weight_of(logits[i], maximum);
            sum += shares[i];
        });
        Real share = sum == Element(0) ? broadcast<Real>(0) : Element(1) / sum;
        Real y = broadcast<Real>(0);
        unrolled<Taps>([&](int i) {
            shares[i] *= share;
            y += shares[i] == Element(0) ? broadcast<Real>(0) : shares[i] * values[i];
        });
        return y;
    }

    template <int Taps, class Real>
    POOLING_FUNCTION static Real window_value(const Real* values) {
        Real shares[Taps];
        return shares_and_value<Taps>(values, shares);
    }

    template <int Taps, class Real>
    POOLING_FUNCTION static void window_gradients(const Real* values, Real gradient, Real* out) {
        typedef typename RealTraits<Real>::Element Element;
        Real shares[Taps];
        Real y = shares_and_value<Taps>(values, shares);
        unrolled<Taps>([&](int i) {
            Real by_logit = gradient * (shares[i] * values[i] - shares[i] * y);
            out[i] = gradient * shares[i];
            out[Taps + i] = shares[i] == Element(0) ? broadcast<Real>(0) : by_logit;
        });
    }

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        Real maximum = largest_logit(w);
        return mean(w, maximum, scale(w, maximum));
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        Real maximum = largest_logit(w);
        Real share = scale(w, maximum);
        Real y = mean(w, maximum, share);
        Real gradient = w.gradient();
        for (Index i = 0; i < w.count(); i++) {
            Real p = kept_weight(w, i, maximum) * share;
            Real by_logit = p * w.x(i) - p * y;
            w.add_x_gradient(i, gradient * p);
            w.add_element_gradient(1, i, p == typename Window::Element(0) ? broadcast<Real>(0) : gradient * by_logit);
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
