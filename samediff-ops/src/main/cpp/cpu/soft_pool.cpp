// SPDX-License-Identifier: Apache-2.0
#include "../kernels/soft_pool.h"
#include "../kernels/tap_gradients.h"

#include "overlapping_means.h"
#include "window_block.h"
#include "window_operator.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    const WindowForwardParameters& p = *static_cast<const WindowForwardParameters*>(parameters);
    // Where lanes are channels, a few more exponentials cost less than the memory for sums.
    if (!shares_exponentials(p.geometry, channels_last(p.geometry, p.x) ? 3 : 1)) {
        return WindowOperator<SoftPool>::forward<Storage>(parameters, arrays);
    }
    const Storage* x = static_cast<const Storage*>(arrays[0]);
    return overlapping_means_forward<Storage>(
        {p.geometry, x, p.x, x, p.x, true}, static_cast<Storage*>(arrays[1]), p.y, [&](Index batch, Range channels) {
            return on_planes<Storage, 2>(p, &p.x, arrays, batch, channels, window_forward<SoftPool, Storage>);
        });
}

template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    const WindowBackwardParameters& p = *static_cast<const WindowBackwardParameters*>(parameters);
    if (!shares_exponentials(p.geometry)) {
        return WindowOperator<SoftPool>::backward<Storage>(parameters, arrays);
    }
    const Storage* x = static_cast<const Storage*>(arrays[0]);
    Storage* x_gradient = static_cast<Storage*>(arrays[2]);
    return overlapping_means_backward<Storage>(
        {p.geometry, x, p.x, x, p.x, true},
        {static_cast<const Storage*>(arrays[1]), p.y_gradient, x_gradient, p.x_gradient, x_gradient, p.x_gradient},
        [&](Index batch, Range channels) {
            return on_planes<Storage, 3>(p, &p.x, arrays, batch, channels, window_backward<SoftPool, Storage>);
        });
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(soft_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(soft_pool)[] = {
    POOLING_KERNEL("soft_pool_forward", WindowForwardParameters, 2, forward),
    POOLING_KERNEL("soft_pool_backward", WindowBackwardParameters, 3, backward),
    POOLING_BLOCK_KERNEL_PAIR("soft_pool_masked", MaskedBlocks, TapGradients<SoftPool>),
    {},
};

}  // namespace pooling
