// SPDX-License-Identifier: Apache-2.0
// The largest element and the mean over the channels of every place.
#pragma once

#include "cells.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Java fills it in (ChannelPool.java). Arrays: x, y; or x, gradient of y, gradient of x. Channels of y: largest, mean.
struct ChannelPoolParameters {
    Index batch;
    Index channels;
    Index input[kAxes];
    TensorStrides x;
    TensorStrides y;
    TensorStrides x_gradient;
};

template <class Real>
struct ChannelResult {
    Largest<Real> largest;
    Real sum;

    POOLING_FUNCTION static ChannelResult first(Real value) {
        return {{value, typename RealTraits<Real>::Bits{}}, value};
    }

    POOLING_FUNCTION void take(Real value, Index channel) {
        typedef typename RealTraits<typename RealTraits<Real>::Element>::Bits Place;
        largest.take(value, typename RealTraits<Real>::Bits{} + static_cast<Place>(channel));
        sum += value;
    }
};

// Mean of channels whose sum overflows, which the mean need not. element(channel) reads an element.
template <class Real, class Element>
POOLING_FUNCTION Real halved_channel_mean(Index channels, const Element& element) {
    Real scale = Real(0.5) / static_cast<Real>(channels);
    Real half = 0;
    for (Index c = 0; c < channels; c++) {
        half += element(c) * scale;
    }
    return twice(half);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
