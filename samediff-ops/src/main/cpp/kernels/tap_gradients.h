// SPDX-License-Identifier: Apache-2.0
// Gives an operator that computes the gradient of one element at a time (soft and minimum pooling) the form that others
// have: the gradients of a window.
#pragma once

#include "window_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Operator>
struct TapGradients {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit TapGradients(const WindowOptions& options) : op_(options) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        return op_.template forward<typename Window::Real>(w);
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        Real coefficients[Operator::kCoefficients];
        op_.coefficients(w, w.gradient(), coefficients);
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, op_.gradient(w.x(i), coefficients, static_cast<typename Window::Element>(i)));
        }
    }

private:
    Operator op_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
