// SPDX-License-Identifier: Apache-2.0
// Sparse pooling: maximum or mean of the active elements of a window, those where the second map is not 0; without any
// y is 0. What stands at inactive places never takes part. A NaN in the second map leaves open whether the element is
// active and counts as an element that is NaN.
#pragma once

#include "window_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Window>
POOLING_FUNCTION typename Window::Real active_value(const Window& w, Index i) {
    typename Window::Real site = w.element(1, i);
    return site != site ? site : w.x(i);
}

struct SparseMaxPool {
    static constexpr int kElements = 1;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit SparseMaxPool(const WindowOptions&) {}

    // The first of the largest active elements, the first NaN if there is one; tap -1 where none is active.
    template <class Real>
    struct Largest {
        Real value;
        Real tap;
    };

    template <class Window>
    POOLING_FUNCTION static Largest<typename Window::Real> largest_of(const Window& w) {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Largest<Real> m = {broadcast<Real>(0), broadcast<Real>(-1)};
        for (Index i = 0; i < w.count(); i++) {
            Real x = active_value(w, i);
            auto replaces = (w.element(1, i) != Element(0)) &
                            ((m.tap < Element(0)) | (x > m.value) | ((x != x) & (m.value == m.value)));
            m.value = replaces ? x : m.value;
            m.tap = replaces ? broadcast<Real>(static_cast<Element>(i)) : m.tap;
        }
        return m;
    }

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        return largest_of(w).value;
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Largest<Real> m = largest_of(w);
        Real gradient = w.gradient();
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, m.tap == static_cast<Element>(i) ? gradient : broadcast<Real>(0));
        }
    }
};

struct SparseAveragePool {
    static constexpr int kElements = 1;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit SparseAveragePool(const WindowOptions&) {}

    // Of each active element; 0 where there is none.
    template <class Window>
    POOLING_FUNCTION static typename Window::Real share(const Window& w) {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Real count = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            count += w.element(1, i) != Element(0) ? broadcast<Real>(1) : broadcast<Real>(0);
        }
        return count == Element(0) ? broadcast<Real>(0) : Element(1) / count;
    }

    // Each term is divided, so that the mean of the largest numbers is finite.
    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        Real part = share(w);
        Real mean = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            mean += w.element(1, i) != typename Window::Element(0) ? active_value(w, i) * part : broadcast<Real>(0);
        }
        return mean;
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        Real gradient = w.gradient() * share(w);
        for (Index i = 0; i < w.count(); i++) {
            w.add_x_gradient(i, w.element(1, i) != typename Window::Element(0) ? gradient : broadcast<Real>(0));
        }
    }
};

// Which windows have an active element: 1, or 0; NaN where a NaN leaves it open.
struct ActiveWindows {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit ActiveWindows(const WindowOptions&) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        Real active = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            Real site = w.x(i);
            Real here = site != site ? site : broadcast<Real>(1);
            active = (active != active) | (site == typename Window::Element(0)) ? active : here;
        }
        return active;
    }

    // Constant wherever it has a derivative.
    template <class Window>
    POOLING_FUNCTION void backward(const Window&) const {}
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
