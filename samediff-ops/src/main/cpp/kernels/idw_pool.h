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
        Real share;  // 1 / total
        Real y;

        enum { kWeight, kByDistance };  // what is kept of every tap

        POOLING_FUNCTION explicit Distances(const Window& w) : mean(mean_of(w)) {
            least = absolute(w.x(0) - mean);
            for (Index i = 1; i < w.count(); i++) {
                Real d = absolute(w.x(i) - mean);
                least = (d < least) | (d != d) ? d : least;
            }
            total = broadcast<Real>(0);
            for (Index i = 0; i < w.count(); i++) {
                Real weight_of_tap = new_weight(w, i);
                w.keep(kWeight, i, weight_of_tap);
                total += weight_of_tap;
            }
            share = Element(1) / total;
            y = broadcast<Real>(0);
            for (Index i = 0; i < w.count(); i++) {
                y += weight(w, i) * share * w.x(i);
            }
            y = least == Element(0) ? mean : y;
        }

        POOLING_FUNCTION Real new_weight(const Window& w, Index i) const {
            return least / absolute(w.x(i) - mean);
        }

        POOLING_FUNCTION Real weight(const Window& w, Index i) const {
            return w.kept(kWeight, i, [&]() { return new_weight(w, i); });
        }

        // Derivative of y by the distance from the mean.
        POOLING_FUNCTION Real new_by_distance(const Window& w, Index i) const {
            Real u = weight(w, i);
            return -sign(w.x(i) - mean) * u * u * share * ((w.x(i) - y) / least);
        }

        POOLING_FUNCTION Real by_distance(const Window& w, Index i) const {
            return w.kept(kByDistance, i, [&]() { return new_by_distance(w, i); });
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
        const Element equal = reciprocal<Element>(w.count());
        Real gradient = w.gradient();
        Real sum = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            Real by_distance = d.new_by_distance(w, i);
            w.keep(d.kByDistance, i, by_distance);
            sum += by_distance;
        }
        for (Index i = 0; i < w.count(); i++) {
            Real derivative = d.weight(w, i) * d.share + d.by_distance(w, i) - sum * equal;
            w.add_x_gradient(i, gradient * (d.least == Element(0) ? broadcast<Real>(equal) : derivative));
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
