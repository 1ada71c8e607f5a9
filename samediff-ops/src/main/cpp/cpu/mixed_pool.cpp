// SPDX-License-Identifier: Apache-2.0
#include "../kernels/mixed_pool.h"

#include "direct_windows.h"
#include "mixed_windows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    return arrays[1] != nullptr ? forward_directly<DirectMixed<Storage>, MixedPool, Storage>(parameters, arrays)
                                : PlainBlocks<MixedPool>::forward<Storage>(parameters, arrays);
}

template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    MixedGradient<Storage> gradient(parameters, arrays);
    return gradient.applies() ? gradient.run() : PlainBlocks<MixedPool>::backward<Storage>(parameters, arrays);
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(mixed_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(mixed_pool)[] = {
    POOLING_KERNEL("mixed_pool_forward", WindowParameters<3>, 3, forward),
    POOLING_KERNEL("mixed_pool_backward", WindowParameters<5>, 5, backward),
    POOLING_BLOCK_KERNEL_PAIR("mixed_pool_masked", MaskedBlocks, MixedPool),
    {},
};

}  // namespace pooling
