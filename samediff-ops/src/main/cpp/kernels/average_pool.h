// SPDX-License-Identifier: Apache-2.0
// Average pooling: y = sum_i x_i / D, D the number of elements inside the map, inside the padded map, or given.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct AveragePool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit AveragePool(const WindowOptions& options)
        : rule_(options.words[0]), divisor_(options.real(1)) {}

    // Options: 0 counts elements inside the map, 1 also those in the padding, 2 takes the divisor that follows.
    template <class Window>
    POOLING_FUNCTION typename Window::Element share(const Window& w) const {
        typedef typename Window::Element Element;
        return rule_ == 0   ? reciprocal<Element>(w.count())
               : rule_ == 1 ? reciprocal<Element>(w.padded_count())
                            : static_cast<Element>(1 / divisor_);
    }

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        Real sum = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            sum += w.x(i) * share(w);
        }
        return sum;
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        Real gradient = w.gradient() * share(w);
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, gradient);
        }
    }

private:
    Index rule_;
    double divisor_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
