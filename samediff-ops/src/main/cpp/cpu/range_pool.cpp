// SPDX-License-Identifier: Apache-2.0
// Averages and maxima over ranges: adaptive, pyramid and fractional pooling, and the training pass of S3 pooling.
#include "plane_sums.h"
#include "range_backward.h"
#include "ranges.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
KernelStatus average_forward(const void* parameters, void* const* arrays) {
    return range_forward<RangeAverage, Storage>(parameters, arrays);
}

template <class Storage>
KernelStatus average_backward(const void* parameters, void* const* arrays) {
    return RangeAverageGradient<Storage>(*static_cast<const RangeParameters*>(parameters), arrays).run();
}

template <class Storage>
KernelStatus maximum_forward(const void* parameters, void* const* arrays) {
    return range_forward<RangeMaximum, Storage>(parameters, arrays);
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(range_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(range_pool)[] = {
    POOLING_KERNEL("range_average_forward", RangeParameters, 3, average_forward),
    POOLING_KERNEL("range_average_backward", RangeParameters, 3, average_backward),
    POOLING_KERNEL("range_maximum_forward", RangeParameters, 4, maximum_forward),
    POOLING_KERNEL("range_maximum_backward", RangeParameters, 4, range_maximum_backward),
    {},
};

}  // namespace pooling
