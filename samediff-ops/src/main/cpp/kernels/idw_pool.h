// SPDX-License-Identifier: Apache-2.0
// Inverse distance weighting (Stergiou, Poppe, IEEE TIP 2023): w_i = 1 / |x_i - mu|, mu the window's mean. The limit
// mu, with gradient 1 / N, where an element equals mu. Distances are taken relative to the smallest one.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct IdwPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit IdwPool(const WindowOptions&) {}

    template <class Window>
    struct Distances {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Real mean;
        Real least;
        Real total;  // of least / distance
        Real y;

        POOLING_FUNCTION explicit Distances(const Window& w) : mean(mean_of(w)) {
            least = absolute(w.x(0) - mean);
            for (Index i = 1; i < w.count(); i++) {
                Real d = absolute(w.x(i) - mean);
                least = (d < least) | (d != d) ? d : least;
            }
            total = broadcast<Real>(0);
            for (Index i = 0; i < w.count(); i++) {
                total += weight(w, i);
            }
            y = broadcast<Real>(0);
            for (Index i = 0; i < w.count(); i++) {
                y += weight(w, i) / total * w.x(i);
            }
            y = least == Element(0) ? mean : y;
        }

        POOLING_FUNCTION Real weight(const Window& w, Index i) const {
            return least / absolute(w.x(i) - mean);
        }

        // Derivative of y by the distance from the mean.
        POOLING_FUNCTION Real by_distance(const Window& w, Index i) const {
            Real u = weight(w, i);
            return -sign(w.x(i) - mean) * u * u / total * ((w.x(i) - y) / least);
        }
    };

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        return Distances<Window>(w).y;
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Distances<Window> d(w);
        const Element share = reciprocal<Element>(w.count());
        Real gradient = w.gradient();
        Real sum = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            sum += d.by_distance(w, i);
        }
        for (Index i = 0; i < w.count(); i++) {
            Real derivative = d.weight(w, i) / d.total + d.by_distance(w, i) - sum * share;
            w.add_x_gradient(i, gradient * (d.least == Element(0) ? broadcast<Real>(share) : derivative));
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
