// SPDX-License-Identifier: Apache-2.0
// Stochastic pooling (Zeiler, Fergus, ICLR 2013), with the weights a_i = max(0, x_i) and their sum S. In training the
// first element whose running sum of weights reaches u S, u uniform in (0, 1]; in inference y = sum_i a_i^2 / S.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Real>
POOLING_FUNCTION Real stochastic_weight(Real x) {
    return x < typename RealTraits<Real>::Element(0) ? broadcast<Real>(0) : x;
}

// Options: the key of the draw, then whether a window of zeros is drawn from uniformly (else its first element is
// taken).
struct StochasticPoolTraining {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 1;  // u
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = true;
    static constexpr int kDrawn = 0;

    POOLING_FUNCTION explicit StochasticPoolTraining(const WindowOptions& options) : uniform_(options.words[1] != 0) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        const Real one = broadcast<Real>(1);
        Real sum = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            sum += stochastic_weight(w.x(i));
        }
        Real u = w.parameter(0);
        Real threshold = u * sum;
        Extremum<Real> chosen = {w.x(0), broadcast<Real>(0)};
        // Of a window of zeros: how many elements lie before u N.
        Real rest = uniform_ ? u * static_cast<Element>(w.count()) : broadcast<Real>(0);
        Real running = broadcast<Real>(0);
        Real found = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            Real x = w.x(i);
            running += stochastic_weight(x);
            Real place = broadcast<Real>(static_cast<Element>(i + 1));
            Real reached = running >= threshold ? one : broadcast<Real>(0);
            Real counted = (rest < place) | (rest != rest) ? one : broadcast<Real>(0);
            Real last = broadcast<Real>(i + 1 == w.count() ? Element(1) : Element(0));
            Real taken = sum == Element(0) ? counted + last : reached;
            // A NaN is taken whatever came before, and kept.
            auto replaces =
                ((found == Element(0)) & (taken > Element(0))) | ((x != x) & (chosen.value == chosen.value));
            chosen.tap = replaces ? broadcast<Real>(static_cast<Element>(i)) : chosen.tap;
            chosen.value = replaces ? x : chosen.value;
            found = replaces ? one : found;
        }
        w.choose(chosen.tap);
        return chosen.value;
    }

private:
    bool uniform_;
};

struct StochasticPoolInference {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit StochasticPoolInference(const WindowOptions&) {}

    template <class Window>
    POOLING_FUNCTION static typename Window::Real sum_of(const Window& w) {
        typename Window::Real sum = stochastic_weight(w.x(0));
        for (Index i = 1; i < w.count(); i++) {
            sum += stochastic_weight(w.x(i));
        }
        return sum;
    }

    template <class Window>
    POOLING_FUNCTION static typename Window::Real mean(const Window& w, typename Window::Real sum) {
        typedef typename Window::Real Real;
        Real y = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            Real a = stochastic_weight(w.x(i));
            y += a / sum * a;
        }
        return sum == typename Window::Element(0) ? broadcast<Real>(0) : y;
    }

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        return mean(w, sum_of(w));
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Real sum = sum_of(w);
        Real y = mean(w, sum);
        Real gradient = w.gradient();
        for (Index i = 0; i < w.count(); i++) {
            Real x = w.x(i);
            Real derivative = (x / sum) * Element(2) - y / sum;
            w.add_x_gradient(i, (x < Element(0)) | (sum == Element(0)) ? broadcast<Real>(0) : gradient * derivative);
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
