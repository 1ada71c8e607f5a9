// SPDX-License-Identifier: Apache-2.0
// The core of detail-preserving pooling with the smoothed map as an input. Parameters: the map, ln alpha, ln lambda.
#pragma once

#include "detail_preserving.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct InverseBilateralPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 3;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit InverseBilateralPool(const WindowOptions& options) : options_(options) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        return DetailPreserving<Window>(options_, w, w.parameter(0), w.parameter(1), w.parameter(2)).value();
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        Real by_map, by_alpha, by_lambda;
        DetailPreserving<Window>(options_, w, w.parameter(0), w.parameter(1), w.parameter(2))
            .backward(by_map, by_alpha, by_lambda);
        w.set_parameter_gradient(0, by_map);
        w.set_parameter_gradient(1, by_alpha);
        w.set_parameter_gradient(2, by_lambda);
    }

private:
    DetailPreservingOptions options_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
