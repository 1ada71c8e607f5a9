// SPDX-License-Identifier: Apache-2.0
// Power-average pooling: y = (mean_i |x_i|^p)^(1/p), p a parameter; see power_mean.h.
#pragma once

#include "power_mean.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct PowerAveragePool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 1;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit PowerAveragePool(const WindowOptions&) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real base(const Window& w, Index i) const {
        return absolute(w.x(i));
    }

    // Derivative of the base.
    template <class Window>
    POOLING_FUNCTION typename Window::Real slope(const Window& w, Index i) const {
        return sign(w.x(i));
    }

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        return PowerMean<PowerAveragePool, Window>(*this, w).value();
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        PowerMean<PowerAveragePool, Window>(*this, w).backward();
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
