// SPDX-License-Identifier: Apache-2.0
// Means and maxima along lines. Vectors run along the channels where these lie side by side, along a line that is a
// row of the map, else over neighbouring lines.
#include "line_backward.h"
#include "line_forward.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
KernelStatus mean_forward(const void* parameters, void* const* arrays) {
    return LineForward<LineMean, Storage>(*static_cast<const LineParameters*>(parameters), arrays).run();
}

template <class Storage>
KernelStatus maximum_forward(const void* parameters, void* const* arrays) {
    return LineForward<LineMaximum, Storage>(*static_cast<const LineParameters*>(parameters), arrays).run();
}

template <class Storage>
KernelStatus mean_backward(const void* parameters, void* const* arrays) {
    return line_mean_backward<Storage>(*static_cast<const LineParameters*>(parameters), arrays);
}

template <class Storage>
KernelStatus maximum_backward(const void* parameters, void* const* arrays) {
    return line_maximum_backward<Storage>(*static_cast<const LineParameters*>(parameters), arrays);
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(line_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(line_pool)[] = {
    POOLING_KERNEL("line_mean_forward", LineParameters, 2, mean_forward),
    POOLING_KERNEL("line_mean_backward", LineParameters, 2, mean_backward),
    POOLING_KERNEL("line_maximum_forward", LineParameters, 3, maximum_forward),
    POOLING_KERNEL("line_maximum_backward", LineParameters, 3, maximum_backward),
    {},
};

}  // namespace pooling
