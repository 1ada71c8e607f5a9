// SPDX-License-Identifier: Apache-2.0
// Maximum pooling: y = max_i x_i. The first maximum of a window gets the whole gradient; a NaN wins over every number.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct MaxPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = true;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit MaxPool(const WindowOptions&) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        Extremum<Real> m = largest_of(w);
        w.choose(m.tap);
        return m.value;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
