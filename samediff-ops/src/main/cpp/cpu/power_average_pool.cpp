// SPDX-License-Identifier: Apache-2.0
#include "../kernels/power_average_pool.h"

#include "power_windows.h"
#include "window_block.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    typedef PlainBlocks<PowerAveragePool> Blocks;
    PowerPlanes<Storage, 3> planes(parameters, arrays);
    return planes.applies() ? planes.run(Blocks::forward<Storage>) : Blocks::forward<Storage>(parameters, arrays);
}

template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    typedef PlainBlocks<PowerAveragePool> Blocks;
    PowerPlanes<Storage, 5> planes(parameters, arrays);
    return planes.applies() ? planes.run(Blocks::backward<Storage>) : Blocks::backward<Storage>(parameters, arrays);
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(power_average_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(power_average_pool)[] = {
    POOLING_KERNEL("power_average_pool_forward", WindowParameters<3>, 3, forward),
    POOLING_KERNEL("power_average_pool_backward", WindowParameters<5>, 5, backward),
    POOLING_BLOCK_KERNEL_PAIR("power_average_pool_masked", MaskedBlocks, PowerAveragePool),
    {},
};

}  // namespace pooling
