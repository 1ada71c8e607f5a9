// SPDX-License-Identifier: Apache-2.0
// Adaptive exponential pooling (Stergiou, Poppe, IEEE TIP 2023): y = beta e + (1 - beta) s, e the Dice-Sorensen
// weighted mean, s the soft-pooled window, beta a parameter.
#pragma once

#include "dice_sorensen.h"
#include "soft_pool.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct AdaPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 1;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit AdaPool(const WindowOptions& options) : soft_(options) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        Real beta = w.parameter(0);
        return beta * DiceSorensenMean<Window>(w).value() + (typename Window::Element(1) - beta) * soft(w);
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        DiceSorensenMean<Window> mean(w);
        Real beta = w.parameter(0);
        Real gradient = w.gradient();
        w.set_parameter_gradient(0, gradient * (mean.value() - soft(w)));
        Real coefficients[SoftPool::kCoefficients];
        soft_.coefficients(w, gradient * (Element(1) - beta), coefficients);
        Real through_mean = mean.derivative_through_mean();
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, gradient * beta * (mean.derivative(i) + through_mean) +
                                    soft_.gradient(w.x(i), coefficients, Element(0)));
        }
    }

private:
    SoftPool soft_;

    template <class Window>
    POOLING_FUNCTION typename Window::Real soft(const Window& w) const {
        return soft_.template forward<typename Window::Real>(w);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
