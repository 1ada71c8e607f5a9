// SPDX-License-Identifier: Apache-2.0
// P-norm pooling: y = (sum_i |x_i|^p)^(1/p), evaluated relative to the largest magnitude. dy/dx_i = sign(x_i)
// (|x_i| / y)^(p - 1), and 0 where x_i or y is 0.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct PnormPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit PnormPool(const WindowOptions& options) : p_(options.real(0)) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        const Real p = broadcast<Real>(static_cast<typename Window::Element>(p_));
        Real most = largest_magnitude_of(w);
        Real sum = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            sum += power(absolute(w.x(i)) / most, p);
        }
        Real y = most * power(sum, typename Window::Element(1) / p);
        return most == typename Window::Element(0) ? most : y;
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        const Real exponent = broadcast<Real>(static_cast<Element>(p_ - 1));
        Real y = forward(w);
        Real gradient = w.gradient();
        for (Index i = 0; i < w.count(); i++) {
            Real x = w.x(i);
            Real derivative = sign(x) * (p_ == 1 ? broadcast<Real>(1) : power(absolute(x) / y, exponent));
            w.add_x_gradient(i, y == Element(0) ? broadcast<Real>(0) : gradient * derivative);
        }
    }

private:
    double p_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
