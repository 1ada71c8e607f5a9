// SPDX-License-Identifier: Apache-2.0
// Filter pooling: y = sum_i w_i x_i + b, w a mask, b a parameter that may be left out.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct FilterPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 1;
    static constexpr int kMasks = 1;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit FilterPool(const WindowOptions&) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typename Window::Real y = w.parameter(0);
        for (Index i = 0; i < w.count(); i++) {
            y += w.mask(0, i) * w.x(i);
        }
        return y;
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typename Window::Real gradient = w.gradient();
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, gradient * w.mask(0, i));
        }
        w.set_mask_factor(0, gradient);
        w.set_parameter_gradient(0, gradient);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
