// SPDX-License-Identifier: Apache-2.0
#include "../kernels/winner_take_all.h"

#include "plane_sums.h"
#include "top_keys.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

// Moves what is kept of array `From` to the last one.
template <int Arrays, class Storage>
KernelStatus keep(const void* parameters, void* const* arrays) {
    constexpr int kFrom = Arrays - 2;
    constexpr int kTo = Arrays - 1;
    const auto& p = *static_cast<const TopElementsParameters<Arrays>*>(parameters);
    PlaneOffsets x(p.size, p.strides[0].axes);
    PlaneOffsets from(p.size, p.strides[kFrom].axes);
    PlaneOffsets to(p.size, p.strides[kTo].axes);
    const Index count = p.size[0] * p.size[1] * p.size[2];
    return for_each_plane<Storage>(p, [&](TopKeys<Storage>& keys, Index batch, Index channel) {
        auto plane = [&](int array) { return batch * p.strides[array].batch + channel * p.strides[array].channel; };
        auto threshold =
            keys.read(static_cast<const Storage*>(arrays[0]) + plane(0), p.k, x, [](Index) { return true; });
        const Storage* source = static_cast<const Storage*>(arrays[kFrom]) + plane(kFrom);
        Storage* target = static_cast<Storage*>(arrays[kTo]) + plane(kTo);
        for (Index i = 0; i < count; i++) {
            target[to(i)] = threshold.takes(keys[i], i) ? source[from(i)] : Storage{};
        }
    });
}

template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    return keep<2, Storage>(parameters, arrays);
}

template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    return keep<3, Storage>(parameters, arrays);
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(winner_take_all)[];
const KernelEntry POOLING_KERNEL_TABLE(winner_take_all)[] = {
    POOLING_KERNEL("winner_take_all_forward", TopElementsParameters<2>, 2, forward),
    POOLING_KERNEL("winner_take_all_backward", TopElementsParameters<3>, 3, backward),
    {},
};

}  // namespace pooling
