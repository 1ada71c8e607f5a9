// SPDX-License-Identifier: Apache-2.0
// Pooling of spike trains: a unit fires at a step where its element is larger than 0, or NaN. Of the geometry's axes
// the first one is time, along which windows have one element and stride 1.
#pragma once

#include "../core/real.h"
#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Arrays: input, output, index.
struct SpikeGateParameters {
    WindowGeometry geometry;
    Index any_maximal;
    TensorStrides x;
    TensorStrides y;
    TensorStrides index;
};

// Arrays: input, output, time, winner. The last two have no time.
struct FirstSpikeParameters {
    WindowGeometry geometry;
    TensorStrides x;
    TensorStrides y;
    TensorStrides time;
    TensorStrides winner;
};

// Arrays: gradient of the output, time, winner, gradient of the input.
struct FirstSpikeGradientParameters {
    WindowGeometry geometry;
    TensorStrides y_gradient;
    TensorStrides time;
    TensorStrides winner;
    TensorStrides x_gradient;
};

// Steps at which a unit has fired, as a real number: exact, since Java allows no more steps than a float can count.
// Stays NaN once the unit was NaN.
template <class Real>
POOLING_FUNCTION Real count_spike(Real count, Real x) {
    return count + (x != x ? x : x > typename RealTraits<Real>::Element(0) ? broadcast<Real>(1) : broadcast<Real>(0));
}

// The unit of a window that is let through: the first of those that have fired most often; if any of these may
// be, the first one whose element is largest. A NaN counts as most often.
template <class Real>
struct SpikeGate {
    Real count = broadcast<Real>(-1);
    Real element = broadcast<Real>(0);
    Real tap = broadcast<Real>(-1);

    // Units beside the map have fired -1 times.
    template <bool AnyMaximal>
    POOLING_FUNCTION void take(Real fired, Real x, Index i) {
        auto replaces = (fired > count) | ((fired != fired) & (count == count));
        if constexpr (AnyMaximal) {
            replaces = replaces | ((fired == count) & (x > element));
        }
        count = replaces ? fired : count;
        element = replaces ? x : element;
        tap = replaces ? broadcast<Real>(static_cast<typename RealTraits<Real>::Element>(i)) : tap;
    }

    POOLING_FUNCTION Real result() const {
        return count != count ? count : element;
    }
};

// The first unit of a window that fires at a step, the first NaN if there is one; tap -1 if none does.
template <class Real>
struct FirstSpike {
    Real element = broadcast<Real>(0);
    Real tap = broadcast<Real>(-1);

    POOLING_FUNCTION void take(Real x, Index i) {
        typedef typename RealTraits<Real>::Element Element;
        auto replaces = ((x > Element(0)) & (tap < Element(0))) | ((x != x) & (element == element));
        element = replaces ? x : element;
        tap = replaces ? broadcast<Real>(static_cast<Element>(i)) : tap;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
