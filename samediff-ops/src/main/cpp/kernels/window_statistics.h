// SPDX-License-Identifier: Apache-2.0
// What several operators need to know of a window.
#pragma once

#include "window_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// An element and the number of its tap.
template <class Real>
struct Extremum {
    Real value;
    Real tap;

    // Keeps a NaN once it is there: no comparison with it holds.
    POOLING_FUNCTION void take_larger(Real x, Index i) {
        replace((x > value) | ((x != x) & (value == value)), x, i);
    }

    POOLING_FUNCTION void take_smaller(Real x, Index i) {
        replace((x < value) | ((x != x) & (value == value)), x, i);
    }

private:
    template <class Condition>
    POOLING_FUNCTION void replace(Condition replaces, Real x, Index i) {
        tap = replaces ? broadcast<Real>(static_cast<typename RealTraits<Real>::Element>(i)) : tap;
        value = replaces ? x : value;
    }
};

// The first of the largest elements; the first NaN if there is one.
template <class Window>
POOLING_FUNCTION Extremum<typename Window::Real> largest_of(const Window& w) {
    Extremum<typename Window::Real> m = {w.x(0), broadcast<typename Window::Real>(0)};
    for (Index i = 1; i < w.count(); i++) {
        m.take_larger(w.x(i), i);
    }
    return m;
}

template <class Window>
POOLING_FUNCTION Extremum<typename Window::Real> smallest_of(const Window& w) {
    Extremum<typename Window::Real> m = {w.x(0), broadcast<typename Window::Real>(0)};
    for (Index i = 1; i < w.count(); i++) {
        m.take_smaller(w.x(i), i);
    }
    return m;
}

// 1 where the tap is the given one, else 0.
template <class Real>
POOLING_FUNCTION Real is_tap(Real chosen, Index tap) {
    typedef typename RealTraits<Real>::Element Element;
    return chosen == static_cast<Element>(tap) ? broadcast<Real>(1) : broadcast<Real>(0);
}

template <class Element>
POOLING_FUNCTION Element reciprocal(Index count) {
    return Element(1) / static_cast<Element>(count);
}

// Each term is divided, so that the mean of the largest numbers is finite.
template <class Window>
POOLING_FUNCTION typename Window::Real mean_of(const Window& w) {
    typedef typename Window::Element Element;
    const Element share = reciprocal<Element>(w.count());
    typename Window::Real mean = w.x(0) * share;
    for (Index i = 1; i < w.count(); i++) {
        mean += w.x(i) * share;
    }
    return mean;
}

template <class Window>
POOLING_FUNCTION typename Window::Real largest_magnitude_of(const Window& w) {
    typedef typename Window::Real Real;
    Real most = absolute(w.x(0));
    for (Index i = 1; i < w.count(); i++) {
        Real a = absolute(w.x(i));
        most = (a > most) | (a != a) ? a : most;
    }
    return most;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
