// SPDX-License-Identifier: Apache-2.0
// Log-mean-exp pooling (Pinheiro, Collobert, CVPR 2015): y = ln(mean_i exp(r x_i)) / r, evaluated relative to the
// maximum. dy/dx = softmax(r x).
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct LogMeanExpPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit LogMeanExpPool(const WindowOptions& options) : r_(options.real(0)) {}

    template <class Window, class Real>
    POOLING_FUNCTION Real weight(const Window& w, Index i, Real maximum) const {
        return exponential_of_nonpositive((w.x(i) - maximum) * static_cast<typename Window::Element>(r_));
    }

    template <class Window, class Real>
    POOLING_FUNCTION Real sum_of_weights(const Window& w, Real maximum) const {
        Real sum = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            Real weight_of_tap = weight(w, i, maximum);
            w.keep(0, i, weight_of_tap);
            sum += weight_of_tap;
        }
        return sum;
    }

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Real maximum = largest_of(w).value;
        Real mean = sum_of_weights(w, maximum) * reciprocal<Element>(w.count());
        return maximum + logarithm(mean) * static_cast<Element>(1 / r_);
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        Real maximum = largest_of(w).value;
        Real scale = w.gradient() / sum_of_weights(w, maximum);
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, scale * w.kept(0, i, [&]() { return weight(w, i, maximum); }));
        }
    }

private:
    double r_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
