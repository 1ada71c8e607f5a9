// SPDX-License-Identifier: Apache-2.0
// Minimum pooling: y = min_i x_i. The first minimum of a window, row by row, gets the whole gradient; a NaN in the
// window makes y NaN and gets it instead.
#pragma once

#include "window_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct MinPool {
    // Per window: the tap of the minimum, and the gradient.
    static constexpr int kCoefficients = 2;

    POOLING_FUNCTION explicit MinPool(const WindowOptions&) {}

    template <class Real>
    struct Minimum {
        Real value;
        Real tap;
    };

    template <class Real>
    POOLING_FUNCTION static Minimum<Real> none() {
        return {broadcast<Real>(0), broadcast<Real>(-1)};
    }

    // Keeps a NaN once it is there: no comparison with it holds.
    template <class Real>
    POOLING_FUNCTION static void take(Minimum<Real>& m, Real value, Index tap) {
        typedef typename RealTraits<Real>::Element Element;
        auto replaces = (m.tap < Element(0)) | (value < m.value) | ((value != value) & (m.value == m.value));
        m.tap = replaces ? broadcast<Real>(static_cast<Element>(tap)) : m.tap;
        m.value = replaces ? value : m.value;
    }

    template <class Real, class Window>
    POOLING_FUNCTION static Minimum<Real> minimum_of(const Window& window) {
        Minimum<Real> m = none<Real>();
        window.for_each([&](Real value, Index tap) { take(m, value, tap); });
        return m;
    }

    template <class Real, class Window>
    POOLING_FUNCTION static Real forward(const Window& window) {
        return minimum_of<Real>(window).value;
    }

    template <class Real, class Window>
    POOLING_FUNCTION static void coefficients(const Window& window, Real gradient, Real* out) {
        out[0] = minimum_of<Real>(window).tap;
        out[1] = gradient;
    }

    template <class Real>
    POOLING_FUNCTION static Real gradient(Real, const Real* coefficients, typename RealTraits<Real>::Element tap) {
        return coefficients[0] == tap ? coefficients[1] : broadcast<Real>(0);
    }

    template <int Taps, class Real>
    POOLING_FUNCTION static void window_gradients(const Real* values, Real gradient, Real* out) {
        typedef typename RealTraits<Real>::Element Element;
        Minimum<Real> m = none<Real>();
        unrolled<Taps>([&](int i) { take(m, values[i], i); });
        unrolled<Taps>([&](int i) { out[i] = m.tap == static_cast<Element>(i) ? gradient : broadcast<Real>(0); });
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
