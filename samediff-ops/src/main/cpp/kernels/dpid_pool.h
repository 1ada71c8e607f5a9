// SPDX-License-Identifier: Apache-2.0
// The last step of rapid, detail-preserving image downscaling (Weber et al., ACM TOG 2016): with a parameter t, the
// smoothed map,
//     y = sum_i w_i x_i / sum_i w_i,   w_i = |x_i - t|^lambda
//     dy/dx_i = w_i / W + s_i,   dy/dt = -sum_i s_i,   s_i = lambda (x_i - y) w_i / ((x_i - t) W),   W = sum_i w_i
// s_i is 0 where x_i is t. Where all are, y is t. Weights are taken relative to the largest of the window.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct DpidPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 1;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit DpidPool(const WindowOptions& options) : lambda_(options.real(0)) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        return Weights<Window>(w, lambda_).y;
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Weights<Window> weights(w, lambda_);
        Real gradient = w.gradient();
        Real by_map = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            Real share = weights.of(i) / weights.sum;
            Real z = w.x(i) - w.parameter(0);
            Real slope = static_cast<Element>(lambda_) * (w.x(i) - weights.y) * share / z;
            slope = z == Element(0) ? broadcast<Real>(0) : slope;
            by_map -= slope;
            w.add_x_gradient(i, weights.all_equal ? broadcast<Real>(0) : gradient * (share + slope));
        }
        w.set_parameter_gradient(0, gradient * (weights.all_equal ? broadcast<Real>(1) : by_map));
    }

private:
    template <class Window>
    struct Weights {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;

        const Window& w;
        Real lambda;
        Real most;  // largest distance
        Real sum;
        Real y;
        decltype(Real() < Real()) all_equal;

        POOLING_FUNCTION Weights(const Window& window, double exponent)
            : w(window), lambda(broadcast<Real>(static_cast<Element>(exponent))) {
            most = distance(0);
            for (Index i = 1; i < w.count(); i++) {
                Real d = distance(i);
                most = (d > most) | (d != d) ? d : most;
            }
            all_equal = most < FloatFormat<Element>::kSmallestNormal;
            sum = broadcast<Real>(0);
            Real weighted = broadcast<Real>(0);
            for (Index i = 0; i < w.count(); i++) {
                sum += of(i);
            }
            for (Index i = 0; i < w.count(); i++) {
                weighted += of(i) / sum * w.x(i);
            }
            y = all_equal ? w.parameter(0) : weighted;
        }

        POOLING_FUNCTION Real distance(Index i) const {
            return absolute(w.x(i) - w.parameter(0));
        }

        POOLING_FUNCTION Real of(Index i) const {
            return power(distance(i) / most, lambda);
        }
    };

    double lambda_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
