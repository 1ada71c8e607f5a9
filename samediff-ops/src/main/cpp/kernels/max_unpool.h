// SPDX-License-Identifier: Apache-2.0
// Maximum unpooling: elements go where an index says, the others are 0. Java has checked the index. Of several elements
// with one index the last one stands in the output and gets the gradient.
#pragma once

#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Java fills it in (MaxUnpool.java). Arrays: input, index, output, or the output's gradient, index, gradient of the
// input; "from" is read and "to" written.
struct UnpoolParameters {
    Index batch;
    Index channels;
    Index input[kAxes];
    Index output[kAxes];
    TensorStrides from;
    TensorStrides index;
    TensorStrides to;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
