// SPDX-License-Identifier: Apache-2.0
// Sum pooling: y = sum_i x_i.
#pragma once

#include "window_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct SumPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit SumPool(const WindowOptions&) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Element share(const Window&) const {
        return 1;
    }

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        Real sum = w.x(0);
        for (Index i = 1; i < w.count(); i++) {
            sum += w.x(i);
        }
        return sum;
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        Real gradient = w.gradient();
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, gradient);
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
