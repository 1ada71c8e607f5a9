// SPDX-License-Identifier: Apache-2.0
// Parameter blocks of window operators that have one input and no further settings.
#pragma once

#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Arrays: x, y.
struct WindowForwardParameters {
    WindowGeometry geometry;
    TensorStrides x;
    TensorStrides y;
};

// Arrays: x, gradient of y, gradient of x.
struct WindowBackwardParameters {
    WindowGeometry geometry;
    TensorStrides x;
    TensorStrides y_gradient;
    TensorStrides x_gradient;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
