// SPDX-License-Identifier: Apache-2.0
// Variance pooling: y = v = mean_i (x_i - mean)^2, or the standard deviation sqrt(v + eps).
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct VariancePool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit VariancePool(const WindowOptions& options)
        : root_(options.words[0] != 0), epsilon_(options.real(1)) {}

    template <class Window>
    POOLING_FUNCTION static typename Window::Real variance_of(const Window& w, typename Window::Real mean) {
        typedef typename Window::Real Real;
        Real sum = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            Real d = w.x(i) - mean;
            sum += d * d;
        }
        return sum * reciprocal<typename Window::Element>(w.count());
    }

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        Real variance = variance_of(w, mean_of(w));
        return root_ ? square_root(variance + static_cast<typename Window::Element>(epsilon_)) : variance;
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Real mean = mean_of(w);
        Real scale = w.gradient() * (Element(2) * reciprocal<Element>(w.count()));
        if (root_) {
            scale /= square_root(variance_of(w, mean) + static_cast<Element>(epsilon_)) * Element(2);
        }
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, scale * (w.x(i) - mean));
        }
    }

private:
    bool root_;
    double epsilon_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
