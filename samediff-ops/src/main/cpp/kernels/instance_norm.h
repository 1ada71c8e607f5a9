// SPDX-License-Identifier: Apache-2.0
// Instance normalisation (Ulyanov et al. 2016) followed by a gate, what the logit networks of local importance-based
// pooling consist of besides convolutions. For each map z of one image and channel:
//     h = (z - mean z) / sqrt(var z + epsilon),   n = gain h + shift,   y = gate(n)
//     dL/dz = gain / sqrt(var z + epsilon) * (d - mean d - h mean(d h)),   d = dL/dy gate'(n)
//     dL/dgain = sum d h,   dL/dshift = sum d
#pragma once

#include "window_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Maps are dense, [batch, channels, size]; Java fills it in (InstanceNorm.java). Arrays: z, gain, shift, y, or in the
// backward pass z, gain, shift and the gradients of y, z, gain and shift.
struct InstanceNormParameters {
    Index batch;
    Index channels;
    Index size;
    Index gain_stride;
    Index shift_stride;
    Index gain_gradient_stride;
    Index shift_gradient_stride;
    Index epsilon;  // bits of a double
    Index scale;    // bits of a double; of the sigmoid, 0 for the rectifier max(0, n)
};

template <class Element>
struct NormalisedMap {
    Element mean;
    Element factor;  // 1 / sqrt(var + epsilon)
    Element gain;
    Element shift;
    Element scale;

    template <class Real>
    POOLING_FUNCTION Real normalise(Real z) const {
        return (z - mean) * factor;
    }

    // A NaN stays one.
    template <class Real>
    POOLING_FUNCTION Real gate(Real h) const {
        Real n = h * gain + shift;
        if (scale != 0) {
            return sigmoid(n) * scale;
        }
        return n < Element(0) ? broadcast<Real>(0) : n;
    }

    template <class Real>
    POOLING_FUNCTION Real gate_slope(Real h) const {
        Real n = h * gain + shift;
        if (scale != 0) {
            Real s = sigmoid(n);
            return s * (Element(1) - s) * scale;
        }
        return n > Element(0) ? broadcast<Real>(1) : broadcast<Real>(0);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
