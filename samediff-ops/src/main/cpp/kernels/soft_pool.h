// SPDX-License-Identifier: Apache-2.0
// Soft pooling (Stergiou, Poppe, Kalliatakis, ICCV 2021): y = sum_i w_i x_i with w = softmax of the window.
//
// With M the largest element, t_i = x_i - M, e_i = exp(t_i), S = sum e_i and r = sum e_i t_i / S:
//     y = M + r,   dy/dx_i = e_i / S * (1 + t_i - r)
// so that neither y nor its gradient depends on the size of M. Infinite elements get the limits of these formulas,
// and a window of -infinity alone gives 0 with gradient 0.
#pragma once

#include "../core/real.h"
#include "window_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct SoftPool {
    // Per window, what the gradient of an element needs: M, g / S and r.
    static constexpr int kCoefficients = 3;

    POOLING_FUNCTION explicit SoftPool(const WindowOptions&) {}

    template <class Real>
    struct Sums {
        Real maximum;
        Real weights;
        Real weighted_shifts;
    };

    // Far below the point where the weight underflows, yet finite: 0 * shift stays 0.
    template <class Real>
    POOLING_FUNCTION static Real shift(Real value, Real maximum) {
        constexpr typename RealTraits<Real>::Element kLowest = -10000;
        Real shifted = value - maximum;
        shifted = shifted < kLowest ? broadcast<Real>(kLowest) : shifted;
        return value == maximum ? broadcast<Real>(0) : shifted;
    }

    // A window offers first(), count() and for_each(function of an element and the number of its tap) over its elements
    // inside the map, of which it has one at least.
    template <class Real, class Window>
    POOLING_FUNCTION static Sums<Real> sums(const Window& window) {
        Sums<Real> s = {window.first(), broadcast<Real>(0), broadcast<Real>(0)};
        window.for_each([&](Real value, Index) { s.maximum = value > s.maximum ? value : s.maximum; });
        window.for_each([&](Real value, Index) {
            Real shifted = shift(value, s.maximum);
            Real weight = exponential_of_nonpositive(shifted);
            s.weights += weight;
            s.weighted_shifts += weight * shifted;
        });
        return s;
    }

    template <class Real>
    POOLING_FUNCTION static auto is_negative_infinity(Real value) -> decltype(value < value) {
        return value < -FloatFormat<typename RealTraits<Real>::Element>::kLargest;
    }

    template <class Real, class Window>
    POOLING_FUNCTION static Real forward(const Window& window) {
        Sums<Real> s = sums<Real>(window);
        Real base = is_negative_infinity(s.maximum) ? broadcast<Real>(0) : s.maximum;
        return base + s.weighted_shifts / s.weights;
    }

    template <class Real, class Window>
    POOLING_FUNCTION static void coefficients(const Window& window, Real gradient, Real* out) {
        Sums<Real> s = sums<Real>(window);
        out[0] = s.maximum;
        // S - S is 0, and NaN where the window holds a NaN.
        out[1] = is_negative_infinity(s.maximum) ? s.weights - s.weights : gradient / s.weights;
        out[2] = s.weighted_shifts / s.weights;
    }

    template <class Real>
    POOLING_FUNCTION static Real gradient(Real value, const Real* coefficients,
                                          typename RealTraits<Real>::Element /* tap */) {
        Real shifted = shift(value, coefficients[0]);
        return coefficients[1] * exponential_of_nonpositive(shifted) *
               (typename RealTraits<Real>::Element(1) + shifted - coefficients[2]);
    }

    // Gradients of all elements of a window that lies in registers: each exponential is computed once.
    template <int Taps, class Real>
    POOLING_FUNCTION static void window_gradients(const Real* values, Real gradient, Real* out) {
        typedef typename RealTraits<Real>::Element Element;
        Real largest = values[0];
        unrolled<Taps>([&](int i) { largest = values[i] > largest ? values[i] : largest; });
        Real shifts[Taps];
        Real exponentials[Taps];
        Real weights = broadcast<Real>(0);
        Real weighted_shifts = broadcast<Real>(0);
        unrolled<Taps>([&](int i) {
            shifts[i] = shift(values[i], largest);
            exponentials[i] = exponential_of_nonpositive(shifts[i]);
            weights += exponentials[i];
            weighted_shifts += exponentials[i] * shifts[i];
        });
        Real scale = is_negative_infinity(largest) ? weights - weights : gradient / weights;
        Real base = Element(1) - weighted_shifts / weights;
        unrolled<Taps>([&](int i) { out[i] = scale * exponentials[i] * (base + shifts[i]); });
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
