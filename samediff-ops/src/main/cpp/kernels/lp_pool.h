// SPDX-License-Identifier: Apache-2.0
// Lp pooling as PyTorch defines it: y = (K / N sum_i x_i^p)^(1/p) with K the size of the whole window and N that inside
// the map. No absolute values: NaN where the sum is negative and p is not 1, or p is no whole number and an x_i is
// negative.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct LpPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit LpPool(const WindowOptions& options) : p_(options.real(0)) {}

    template <class Real>
    POOLING_FUNCTION Real signed_power(Real x, double p) const {
        typedef typename RealTraits<Real>::Element Element;
        Real magnitude = p == 0 ? broadcast<Real>(1) : power(absolute(x), broadcast<Real>(static_cast<Element>(p)));
        bool whole = p == static_cast<double>(static_cast<Index>(p));
        bool even = whole && static_cast<Index>(p) % 2 == 0;
        Real negative = even ? magnitude : whole ? -magnitude : magnitude * ((x - x) / (x - x));
        return x < Element(0) ? negative : magnitude;
    }

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Real most = largest_magnitude_of(w);
        Real sum = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            sum += signed_power(w.x(i) / most, p_);
        }
        sum *= static_cast<Element>(w.kernel_count()) * reciprocal<Element>(w.count());
        Real y = most * sum;
        if (p_ != 1) {
            y = most * power(sum, broadcast<Real>(static_cast<Element>(1 / p_)));
            y = sum < Element(0) ? (sum - sum) / (sum - sum) : y;
        }
        return most == Element(0) ? most : y;
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Real y = forward(w);
        Real scale = w.gradient() * (static_cast<Element>(w.kernel_count()) * reciprocal<Element>(w.count()));
        for (Index i = 0; i < w.count(); i++) {
            Real derivative = broadcast<Real>(1);
            if (p_ != 1) {
                derivative = signed_power(w.x(i) / y, p_ - 1);
                derivative = y == Element(0) ? broadcast<Real>(0) : derivative;
            }
            w.add_x_gradient(i, scale * derivative);
        }
    }

private:
    double p_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
