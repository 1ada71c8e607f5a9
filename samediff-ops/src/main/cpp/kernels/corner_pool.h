// SPDX-License-Identifier: Apache-2.0
// Corner pooling: the largest element so far along each row or column, from one border to the other.
#pragma once

#include "cells.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Where the lines of an array begin and how to step along them, which may be backwards.
struct CornerArray {
    Index batch;
    Index channel;
    Index line;
    Index step;
    Index first;

    POOLING_FUNCTION Index offset(Index b, Index c, Index l) const {
        return first + b * batch + c * channel + l * line;
    }
};

// Java fills it in (CornerPool.java). Arrays: x, y; or x, gradient of y, gradient of x.
struct CornerParameters {
    Index batch;
    Index channels;
    Index lines;   // of a plane
    Index length;  // of a line
    CornerArray x;
    CornerArray y;
    CornerArray x_gradient;
};

// element(i) reads an element of a line; function(i, largest so far) is called for each.
template <class Real, class Element, class Function>
POOLING_FUNCTION void for_each_largest(Index length, const Element& element, const Function& function) {
    typedef typename RealTraits<Real>::Bits Bits;
    typedef typename RealTraits<typename RealTraits<Real>::Element>::Bits Place;
    Largest<Real> largest = {element(0), Bits{}};
    function(0, largest);
    for (Index i = 1; i < length; i++) {
        largest.take(element(i), Bits{} + static_cast<Place>(i));
        function(i, largest);
    }
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
