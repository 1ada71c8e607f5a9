// SPDX-License-Identifier: Apache-2.0
// Generalised-mean pooling (Radenovic, Tolias, Chum, TPAMI 2019): y = (mean_i max(x_i, eps)^p)^(1/p), p a parameter;
// see power_mean.h.
#pragma once

#include "power_mean.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct GemPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 1;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit GemPool(const WindowOptions& options) : epsilon_(options.real(0)) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real base(const Window& w, Index i) const {
        typedef typename Window::Real Real;
        Real x = w.x(i);
        return x < static_cast<typename Window::Element>(epsilon_)
                   ? broadcast<Real>(static_cast<typename Window::Element>(epsilon_))
                   : x;
    }

    // Derivative of the base.
    template <class Window>
    POOLING_FUNCTION typename Window::Real slope(const Window& w, Index i) const {
        typedef typename Window::Real Real;
        return w.x(i) < static_cast<typename Window::Element>(epsilon_) ? broadcast<Real>(0) : broadcast<Real>(1);
    }

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        return PowerMean<GemPool, Window>(*this, w).value();
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        PowerMean<GemPool, Window>(*this, w).backward();
    }

private:
    double epsilon_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
