// SPDX-License-Identifier: Apache-2.0
// Parameter blocks of window operators (WindowOp.java fills them in).
#pragma once

#include "../core/real.h"
#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Axes along which the values of a parameter differ; along the others windows share them.
enum KeptAxes : Index { kKeepsBatch = 1, kKeepsChannel = 2, kKeepsDepth = 4, kKeepsHeight = 8, kKeepsWidth = 16 };

// Numbers of an operator: whole ones, or the bits of a double.
struct WindowOptions {
    Index words[8];

    POOLING_FUNCTION double real(int i) const {
        return bit_cast<double>(words[i]);
    }
};

struct WindowHeader {
    WindowGeometry geometry;
    WindowOptions options;
    Index kept_axes[8];  // of parameters and masks
};

// Strides of the arrays follow in the order of the arrays; those of a left out array are 0, as is its address.
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
