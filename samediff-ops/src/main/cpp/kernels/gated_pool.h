// SPDX-License-Identifier: Apache-2.0
// Gated pooling (Lee, Gallagher, Tu, AISTATS 2016): y = q max_i x_i + (1 - q) mean_i x_i with the gate
// q = sigmoid(sum_i w_i x_i + b), w a mask, b a parameter that may be left out.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct GatedPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 1;
    static constexpr int kMasks = 1;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit GatedPool(const WindowOptions&) {}

    template <class Window>
    POOLING_FUNCTION static typename Window::Real gate(const Window& w) {
        typename Window::Real z = w.parameter(0);
        for (Index i = 0; i < w.count(); i++) {
            z += w.mask(0, i) * w.x(i);
        }
        return sigmoid(z);
    }

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        Real q = gate(w);
        return q * largest_of(w).value + (typename Window::Element(1) - q) * mean_of(w);
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Real gradient = w.gradient();
        Real q = gate(w);
        Extremum<Real> m = largest_of(w);
        Real by_logit = gradient * q * (Element(1) - q) * (m.value - mean_of(w));
        Real to_all = gradient * (Element(1) - q) * reciprocal<Element>(w.count());
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, to_all + gradient * q * is_tap(m.tap, i) + by_logit * w.mask(0, i));
        }
        w.set_mask_factor(0, by_logit);
        w.set_parameter_gradient(0, by_logit);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
