// SPDX-License-Identifier: Apache-2.0
// Range pooling: y = max_i x_i - min_i x_i. The first maximum and the first minimum get the gradient.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct RangePool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit RangePool(const WindowOptions&) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        return largest_of(w).value - smallest_of(w).value;
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        Real gradient = w.gradient();
        Extremum<Real> most = largest_of(w);
        Extremum<Real> least = smallest_of(w);
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, gradient * (is_tap(most.tap, i) - is_tap(least.tap, i)));
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
