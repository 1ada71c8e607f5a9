// SPDX-License-Identifier: Apache-2.0
// S3 pooling (Zhai et al., CVPR 2017) at inference: means over cells of z, where z is the largest element of the window
// that begins at a place. The training pass is a maximum over ranges (kernels/cells.h).
#pragma once

#include "cells.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct S3Parameters {
    CellParameters cells;  // of z; one level
    Index kernel[kAxes];

    // Windows that begin at elements of the map, along an axis.
    POOLING_FUNCTION Index windows(int axis) const {
        return cells.input[axis] - kernel[axis] + 1;
    }
};

// Arrays of the backward pass: x, plan, gradient of y, gradient of x.
struct S3BackwardParameters {
    S3Parameters pool;
    TensorStrides x_gradient;
};

// z at an element, and the number of the element chosen, row by row in the window. element(offset) reads an element, or
// those of several windows.
template <class Real, class Element>
POOLING_FUNCTION Largest<Real> window_maximum(const S3Parameters& p, const Element& element) {
    typedef typename RealTraits<Real>::Bits Bits;
    Largest<Real> largest = {element(0), Bits{}};
    Index number = 0;
    for (Index d = 0; d < p.kernel[0]; d++) {
        for (Index h = 0; h < p.kernel[1]; h++) {
            for (Index w = 0; w < p.kernel[2]; w++, number++) {
                if (number > 0) {
                    Index offset = d * p.cells.x.axes[0] + h * p.cells.x.axes[1] + w * p.cells.x.axes[2];
                    largest.take(
                        element(offset),
                        Bits{} + static_cast<typename RealTraits<typename RealTraits<Real>::Element>::Bits>(number));
                }
            }
        }
    }
    return largest;
}

// Position in the map of an element of a window.
POOLING_FUNCTION Index window_position(const S3Parameters& p, Index depth, Index height, Index width, Index number) {
    Index row = quotient(number, p.kernel[2]);
    depth += quotient(row, p.kernel[1]);
    height += remainder(row, p.kernel[1]);
    width += remainder(number, p.kernel[2]);
    return (depth * p.cells.input[1] + height) * p.cells.input[2] + width;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
