// SPDX-License-Identifier: Apache-2.0
#include "../kernels/min_pool.h"

#include "kernel_table.h"
#include "window_backward.h"
#include "window_forward.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
KernelStatus min_pool_forward(const void* parameters, void* const* arrays) {
    return window_forward<MinPool, Storage>(parameters, arrays);
}

template <class Storage>
KernelStatus min_pool_backward(const void* parameters, void* const* arrays) {
    return window_backward<MinPool, Storage>(parameters, arrays);
}

}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(min_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(min_pool)[] = {
    POOLING_KERNEL("min_pool_forward", WindowForwardParameters, 2, min_pool_forward),
    POOLING_KERNEL("min_pool_backward", WindowBackwardParameters, 3, min_pool_backward),
    {},
};

}  // namespace pooling
