// SPDX-License-Identifier: Apache-2.0
// The kernels of a window operator, from its mathematics and the drivers.
#pragma once

#include "../kernels/tap_gradients.h"
#include "drivers/block_plan.h"
#include "kernel_table.h"
#include "window_backward.h"
#include "window_block.h"
#include "window_forward.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Small maps whose rows would leave lanes idle go by blocks of channels.
template <class Operator>
struct WindowOperator {
    template <class Storage>
    static KernelStatus forward(const void* parameters, void* const* arrays) {
        const WindowForwardParameters& p = *static_cast<const WindowForwardParameters*>(parameters);
        return gathers_channels<Storage>(p.geometry, p.x)
                   ? PlainBlocks<TapGradients<Operator>>::template forward<Storage>(parameters, arrays)
                   : window_forward<Operator, Storage>(parameters, arrays);
    }

    template <class Storage>
    static KernelStatus backward(const void* parameters, void* const* arrays) {
        const WindowBackwardParameters& p = *static_cast<const WindowBackwardParameters*>(parameters);
        return gathers_channels<Storage>(p.geometry, p.x)
                   ? PlainBlocks<TapGradients<Operator>>::template backward<Storage>(parameters, arrays)
                   : window_backward<Operator, Storage>(parameters, arrays);
    }

private:
    template <class Storage>
    static bool gathers_channels(const WindowGeometry& g, const TensorStrides& x) {
        return !channels_last(g, x) && BlockPlan<typename StorageTraits<Storage>::Real>(g, x).along_channels;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

#define POOLING_WINDOW_KERNELS(stem, Operator)                                                              \
    namespace pooling {                                                                                     \
    extern const KernelEntry POOLING_KERNEL_TABLE(stem)[];                                                  \
    const KernelEntry POOLING_KERNEL_TABLE(stem)[] = {                                                      \
        POOLING_KERNEL(#stem "_forward", WindowForwardParameters, 2, WindowOperator<Operator>::forward),    \
        POOLING_KERNEL(#stem "_backward", WindowBackwardParameters, 3, WindowOperator<Operator>::backward), \
        POOLING_BLOCK_KERNEL_PAIR(#stem "_masked", MaskedBlocks, TapGradients<Operator>),                   \
        {},                                                                                                 \
    };                                                                                                      \
    }
