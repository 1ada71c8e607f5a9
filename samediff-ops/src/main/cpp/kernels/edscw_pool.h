// SPDX-License-Identifier: Apache-2.0
// Exponential Dice-Sorensen coefficient weighted pooling (Stergiou, Poppe, IEEE TIP 2023).
#pragma once

#include "dice_sorensen.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct EdscwPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit EdscwPool(const WindowOptions&) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        return DiceSorensenMean<Window>(w).value();
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        DiceSorensenMean<Window> mean(w);
        Real gradient = w.gradient();
        Real through_mean = mean.derivative_through_mean();
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, gradient * (mean.derivative(i) + through_mean));
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
