// SPDX-License-Identifier: Apache-2.0
#include "../kernels/k_max_pool.h"

#include "top_keys.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    const auto& p = *static_cast<const TopElementsParameters<4>*>(parameters);
    return for_each_plane<Storage>(p, [&](TopKeys<Storage>& keys, Index batch, Index channel) {
        auto plane = [&](int array) { return batch * p.strides[array].batch + channel * p.strides[array].channel; };
        const Storage* x = static_cast<const Storage*>(arrays[0]) + plane(0);
        const Storage* mask = static_cast<const Storage*>(arrays[1]);
        Storage* y = static_cast<Storage*>(arrays[2]) + plane(2);
        Index* index = static_cast<Index*>(arrays[3]) + plane(3);
        auto threshold = keys.read(
            x, p.k, [&](Index i) { return i * p.strides[0].axes[2]; },
            [&](Index i) { return mask == nullptr || load(mask + plane(1) + i * p.strides[1].axes[2]) != 0; });
        Index taken = 0;
        for (Index i = 0; i < p.size[2]; i++) {
            if (threshold.takes(keys[i], i)) {
                y[taken * p.strides[2].axes[2]] = x[i * p.strides[0].axes[2]];
                index[taken * p.strides[3].axes[2]] = i;
                taken++;
            }
        }
        for (; taken < p.k; taken++) {
            y[taken * p.strides[2].axes[2]] = Storage{};
            index[taken * p.strides[3].axes[2]] = -1;
        }
    });
}

template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    const auto& p = *static_cast<const TopElementsParameters<3>*>(parameters);
    parallel_ranges(p.batch * p.channels, 8 * p.size[2], [&](Index begin, Index end) {
        for (Index plane = begin; plane < end; plane++) {
            auto offset = [&](int array) {
                return plane / p.channels * p.strides[array].batch + plane % p.channels * p.strides[array].channel;
            };
            const Index* index = static_cast<const Index*>(arrays[1]) + offset(1);
            const Storage* y_gradient = static_cast<const Storage*>(arrays[0]) + offset(0);
            Storage* x_gradient = static_cast<Storage*>(arrays[2]) + offset(2);
            for (Index i = 0; i < p.size[2]; i++) {
                Index from = result_at([&](Index o) { return index[o * p.strides[1].axes[2]]; }, p.k, i);
                x_gradient[i * p.strides[2].axes[2]] = from < 0 ? Storage{} : y_gradient[from * p.strides[0].axes[2]];
            }
        }
    });
    return kSuccess;
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(k_max_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(k_max_pool)[] = {
    POOLING_KERNEL("k_max_pool_forward", TopElementsParameters<4>, 4, forward),
    POOLING_KERNEL("k_max_pool_backward", TopElementsParameters<3>, 3, backward),
    {},
};

}  // namespace pooling
