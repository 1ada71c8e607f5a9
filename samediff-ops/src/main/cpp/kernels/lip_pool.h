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

    template <class Window, class Real>
    POOLING_FUNCTION static Real weight(const Window& w, Index i, Real maximum) {
        Real weight = exponential_of_nonpositive(SoftPool::shift(w.element(1, i), maximum));
        return w.element(1, i) < -FloatFormat<typename Window::Element>::kLargest ? broadcast<Real>(0) : weight;
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

    // Of the sum of weights; 0 where there is none.
    template <class Window, class Real>
    POOLING_FUNCTION static Real scale(const Window& w, Real maximum) {
        typedef typename Window::Element Element;
        Real sum = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            sum += weight(w, i, maximum);
        }
        return sum == Element(0) ? broadcast<Real>(0) : Element(1) / sum;
    }

    template <class Window, class Real>
    POOLING_FUNCTION static Real mean(const Window& w, Real maximum, Real share) {
        Real y = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            Real p = weight(w, i, maximum) * share;
            y += p == typename Window::Element(0) ? broadcast<Real>(0) : p * w.x(i);
        }
        return y;
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
            Real p = weight(w, i, maximum) * share;
            Real by_logit = p * w.x(i) - p * y;
            w.add_x_gradient(i, gradient * p);
            w.add_element_gradient(1, i, p == typename Window::Element(0) ? broadcast<Real>(0) : gradient * by_logit);
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
