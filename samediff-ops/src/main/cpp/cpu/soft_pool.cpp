// SPDX-License-Identifier: Apache-2.0
#include "../kernels/soft_pool.h"

#include "kernel_table.h"
#include "window_backward.h"
#include "window_forward.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
KernelStatus soft_pool_forward(const void* parameters, void* const* arrays) {
    return window_forward<SoftPool, Storage>(parameters, arrays);
}

template <class Storage>
KernelStatus soft_pool_backward(const void* parameters, void* const* arrays) {
    return window_backward<SoftPool, Storage>(parameters, arrays);
}

}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(soft_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(soft_pool)[] = {
    POOLING_KERNEL("soft_pool_forward", WindowForwardParameters, 2, soft_pool_forward),
    POOLING_KERNEL("soft_pool_backward", WindowBackwardParameters, 3, soft_pool_backward),
    {},
};

}  // namespace pooling
