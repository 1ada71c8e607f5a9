// SPDX-License-Identifier: Apache-2.0
// Mixed pooling (Lee, Gallagher, Tu, AISTATS 2016): y = a max_i x_i + (1 - a) mean_i x_i, a a parameter.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct MixedPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 1;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit MixedPool(const WindowOptions&) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        Real a = w.parameter(0);
        return a * largest_of(w).value + (typename Window::Element(1) - a) * mean_of(w);
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Real a = w.parameter(0);
        Real gradient = w.gradient();
        Extremum<Real> m = largest_of(w);
        Real to_all = gradient * (Element(1) - a) * reciprocal<Element>(w.count());
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, to_all + gradient * a * is_tap(m.tap, i));
        }
        w.set_parameter_gradient(0, gradient * (m.value - mean_of(w)));
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
