// SPDX-License-Identifier: Apache-2.0
// Between real numbers and bytes: byte = nearest(x / scale) + zero point, x = scale * (byte - zero point).
#pragma once

#include "../core/bytes.h"
#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The grid of a channel. An array of them, one for each channel or one for all, is the second array of the kernels.
struct GridRecord {
    double scale;
    double zero;  // as a code
};

// Java fills it in (QuantizationOp.java). Arrays: x, grids, result; or x, grids, gradient of the result, gradient of x.
struct QuantizationParameters {
    Index batch;
    Index channels;
    Index size[kAxes];
    Index channel_step;  // from the grid of a channel to that of the next: 1, or 0 where all share one
    Index type;          // of what the kernel writes: 1 for signed bytes, or the number of a real type
    TensorStrides x;
    TensorStrides y;
    TensorStrides x_gradient;
};

// A grid with the numbers that arithmetic needs.
template <class Real>
struct Grid {
    Real scale;
    Real zero;

    POOLING_FUNCTION static Grid of(const GridRecord& record) {
        return {static_cast<Real>(record.scale), static_cast<Real>(record.zero)};
    }

    // Whole steps from 0 to the nearest point of the grid; the grid ends at the codes 0 and 255.
    POOLING_FUNCTION Real steps(Real x) const {
        return nearest_integer(limited_to(x / scale, -zero, broadcast<Real>(255) - zero));
    }

    POOLING_FUNCTION Real nearest(Real x) const {
        return steps(x) * scale;
    }

    // A NaN has no place on the grid and becomes 0.
    POOLING_FUNCTION Real code(Real x) const {
        Real s = steps(x);
        return (s == s ? s : broadcast<Real>(0)) + zero;
    }

    POOLING_FUNCTION Real value(Real code) const {
        return (code - zero) * scale;
    }

    // Straight through the rounding; nothing passes where the grid has ended.
    POOLING_FUNCTION Real gradient(Real x, Real y_gradient) const {
        Real s = nearest_integer(limited_to(x / scale, broadcast<Real>(-2) - zero, broadcast<Real>(257) - zero));
        Real from_below = s < -zero ? broadcast<Real>(0) : y_gradient;
        return s > broadcast<Real>(255) - zero ? broadcast<Real>(0) : from_below;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
