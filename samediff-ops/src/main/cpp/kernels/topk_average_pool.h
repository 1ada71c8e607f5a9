// SPDX-License-Identifier: Apache-2.0
// Top-k average pooling: y = mean of the min(k, N) largest elements. Equal elements rank in their order, a NaN in front
// of every number; each of the elements that rank so high gets the same share of the gradient.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct TopkAveragePool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit TopkAveragePool(const WindowOptions& options) : k_(options.words[0]) {}

    POOLING_FUNCTION Index taken(Index count) const {
        return minimum(k_, count);
    }

    // Where 1, the element of a tap ranks behind the given one.
    template <class Real>
    POOLING_FUNCTION static auto is_behind(Real x, Index tap, const Extremum<Real>& last) {
        auto later = last.tap < static_cast<typename RealTraits<Real>::Element>(tap);
        return (x < last.value) | ((x == last.value) & later) | ((last.value != last.value) & ((x == x) | later));
    }

    // The first of those behind the given one; there has to be one.
    template <class Window, class Real>
    POOLING_FUNCTION static Extremum<Real> next_of(const Window& w, const Extremum<Real>& last) {
        typedef typename Window::Element Element;
        Extremum<Real> next = {last.value, broadcast<Real>(-1)};
        for (Index i = 0; i < w.count(); i++) {
            Real x = w.x(i);
            auto larger = (x > next.value) | (next.tap < Element(0)) | ((x != x) & (next.value == next.value));
            auto replaces = is_behind(x, i, last) & larger;
            next.tap = replaces ? broadcast<Real>(static_cast<Element>(i)) : next.tap;
            next.value = replaces ? x : next.value;
        }
        return next;
    }

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        const Index taken = this->taken(w.count());
        if (taken == w.count()) {
            return mean_of(w);
        }
        const typename Window::Element share = reciprocal<typename Window::Element>(taken);
        Extremum<Real> last = largest_of(w);
        Real y = last.value * share;
        for (Index n = 1; n < taken; n++) {
            last = next_of(w, last);
            y += last.value * share;
        }
        return y;
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        const Index taken = this->taken(w.count());
        Real share = w.gradient() * reciprocal<typename Window::Element>(taken);
        Extremum<Real> last = largest_of(w);
        for (Index n = 1; n < taken; n++) {
            last = next_of(w, last);
        }
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, is_behind(w.x(i), i, last) ? broadcast<Real>(0) : share);
        }
    }

private:
    Index k_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
