// SPDX-License-Identifier: Apache-2.0
// Parameter blocks of window operators (WindowOp.java fills them in).
#pragma once

#include "../core/real.h"
#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Numbers of an operator: whole ones, or the bits of a double.
struct WindowOptions {
    Index words[8];

    POOLING_FUNCTION double real(int i) const {
        return bit_cast<double>(words[i]);
    }
};

// The strides of the arrays follow in their order.
struct WindowHeader {
    WindowGeometry geometry;
    WindowOptions options;
    // Of each parameter and mask, the axes along which its values differ; along the others windows share them. Bits
    // from the lowest: batch, channel, depth, height, width.
    Index kept_axes[8];
};

// With the strides of so many arrays.
template <int Arrays>
struct WindowParameters : WindowHeader {
    TensorStrides strides[Arrays];
};

// Arrays: x, y.
struct WindowForwardParameters : WindowHeader {
    TensorStrides x;
    TensorStrides y;
};

// Arrays: x, gradient of y, gradient of x.
struct WindowBackwardParameters : WindowHeader {
    TensorStrides x;
    TensorStrides y_gradient;
    TensorStrides x_gradient;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
