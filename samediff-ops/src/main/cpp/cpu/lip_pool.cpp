// SPDX-License-Identifier: Apache-2.0
#include "../kernels/lip_pool.h"

#include "adjacent_windows.h"
#include "overlapping_means.h"
#include "window_block.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
OverlappingMeansArrays<Storage> means_of(const WindowHeader& header, const TensorStrides* s, void* const* arrays) {
    return {header.geometry,
            static_cast<const Storage*>(arrays[0]),
            s[0],
            static_cast<const Storage*>(arrays[1]),
            s[1],
            false};
}

// Arrays: x, logit, y.
template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    const WindowParameters<3>& p = *static_cast<const WindowParameters<3>*>(parameters);
    const TensorStrides* s = p.strides;
    if (!shares_exponentials(p.geometry)) {
        return try_adjacent_windows<LipPool, Storage, 2, false>(p, s, arrays)
                   ? kSuccess
                   : PlainBlocks<LipPool>::forward<Storage>(parameters, arrays);
    }
    return overlapping_means_forward<Storage>(
        means_of<Storage>(p, s, arrays), static_cast<Storage*>(arrays[2]), s[2], [&](Index batch, Range channels) {
            return on_planes<Storage, 3>(p, s, arrays, batch, channels, PlainBlocks<LipPool>::forward<Storage>);
        });
}

// Arrays: x, logit, gradient of y, gradients of x and logit.
template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    const WindowParameters<5>& p = *static_cast<const WindowParameters<5>*>(parameters);
    const TensorStrides* s = p.strides;
    if (!shares_exponentials(p.geometry)) {
        return try_adjacent_windows<LipPool, Storage, 2, true>(p, s, arrays)
                   ? kSuccess
                   : PlainBlocks<LipPool>::backward<Storage>(parameters, arrays);
    }
    return overlapping_means_backward<Storage>(
        means_of<Storage>(p, s, arrays),
        {static_cast<const Storage*>(arrays[2]), s[2], static_cast<Storage*>(arrays[3]), s[3],
         static_cast<Storage*>(arrays[4]), s[4]},
        [&](Index batch, Range channels) {
            return on_planes<Storage, 5>(p, s, arrays, batch, channels, PlainBlocks<LipPool>::backward<Storage>);
        });
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(lip_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(lip_pool)[] = {
    POOLING_KERNEL("lip_pool_forward", WindowParameters<3>, 3, forward),
    POOLING_KERNEL("lip_pool_backward", WindowParameters<5>, 5, backward),
    POOLING_BLOCK_KERNEL_PAIR("lip_pool_masked", MaskedBlocks, LipPool),
    {},
};

}  // namespace pooling
