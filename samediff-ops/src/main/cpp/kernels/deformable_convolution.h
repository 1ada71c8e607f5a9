// SPDX-License-Identifier: Apache-2.0
// Deformable convolution: y_o = b_o + sum_{c,k} w_ock s_ck, s_ck = m_k f_c(p_k + d_k) the samples of deformable average
// pooling, o and c of one group of the convolution:
// dL/ds_ck = sum_o w_ock g_o,   dL/dw_ock = sum over windows of g_o s_ck,   dL/db_o = sum over windows of g_o.
#pragma once

#include "deformable_average_pool.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Java fills it in (DeformableConvolution.java). The channels of the places are those of x, their groups those that
// share offsets; strides of y are for the output channels. Arrays: x, offset, mask or null, weights, bias or null, y;
// in the backward pass x, offset, mask or null, weights, gradient of y, then the gradients of x, offset, mask or null,
// weights, bias or null.
struct DeformableConvolutionParameters {
    DeformableParameters places;
    Index outputs;     // channels of y
    Index groups;      // of channels of x and y that belong together
    Index weights[4];  // strides: output, input, row, column
    Index weights_gradient[4];
    Index bias;
    Index bias_gradient;

    POOLING_FUNCTION Index group_outputs() const {
        return quotient(outputs, groups);
    }

    POOLING_FUNCTION Index group_inputs() const {
        return quotient(places.geometry.channels, groups);
    }

    // Of one output: numbers of its weights.
    POOLING_FUNCTION Index terms() const {
        return group_inputs() * places.kernel_size();
    }

    POOLING_FUNCTION Index windows() const {
        return places.rows().output * places.columns().output;
    }

    // Where the weight of an output for a channel of its group and a tap stands.
    POOLING_FUNCTION Index weight_place(const Index* strides, Index output, Index input, Index tap) const {
        Index row = quotient(tap, places.columns().kernel);
        return output * strides[0] + input * strides[1] + row * strides[2] +
               (tap - row * places.columns().kernel) * strides[3];
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
