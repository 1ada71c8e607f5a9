// SPDX-License-Identifier: Apache-2.0
// Detail-preserving pooling, lite: the smoothed map is the mean of the window. Parameters: ln alpha, ln lambda.
#pragma once

#include "detail_preserving.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct DppPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 2;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit DppPool(const WindowOptions& options) : options_(options) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        return DetailPreserving<Window>(options_, w, mean_of(w), w.parameter(0), w.parameter(1)).value();
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        Real by_mean, by_alpha, by_lambda;
        DetailPreserving<Window>(options_, w, mean_of(w), w.parameter(0), w.parameter(1))
            .backward(by_mean, by_alpha, by_lambda);
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, by_mean * reciprocal<typename Window::Element>(w.count()));
        }
        w.set_parameter_gradient(0, by_alpha);
        w.set_parameter_gradient(1, by_lambda);
    }

private:
    DetailPreservingOptions options_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
