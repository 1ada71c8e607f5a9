// SPDX-License-Identifier: Apache-2.0
#include "../kernels/deformable_policy_pool.h"

#include "kernel_table.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Body>
void for_each_window(const PolicyParameters& p, const Body& body) {
    constexpr Index kWorkOfExponential = 20;
    Index rows = p.batch * p.groups * p.rows;
    parallel_ranges(rows, p.columns * p.taps * kWorkOfExponential, [&](Index begin, Index end) {
        for (Index i = begin; i < end; i++) {
            for (Index column = 0; column < p.columns; column++) {
                body(PolicyWindow{i / p.rows / p.groups, i / p.rows % p.groups, i % p.rows, column});
            }
        }
    });
}

template <class Storage>
KernelStatus choice(const void* parameters, void* const* arrays) {
    const PolicyParameters& p = *static_cast<const PolicyParameters*>(parameters);
    for_each_window(p, [&](const PolicyWindow& at) {
        choose_places(p, arrays[0], static_cast<const Storage*>(arrays[1]), static_cast<Storage*>(arrays[2]),
                      static_cast<Index*>(arrays[3]), at);
    });
    return kSuccess;
}

template <class Storage>
KernelStatus repetition(const void* parameters, void* const* arrays) {
    const PolicyParameters& p = *static_cast<const PolicyParameters*>(parameters);
    for_each_window(p, [&](const PolicyWindow& at) {
        repeat_choice(p, static_cast<const Index*>(arrays[1]), static_cast<Storage*>(arrays[2]), at);
    });
    return kSuccess;
}

template <class Storage>
KernelStatus gradient(const void* parameters, void* const* arrays) {
    const PolicyParameters& p = *static_cast<const PolicyParameters*>(parameters);
    const Index* index = static_cast<const Index*>(arrays[1]);
    for_each_window(p, [&](const PolicyWindow& at) {
        policy_gradient(p, arrays[0], index, static_cast<const Storage*>(arrays[2]), static_cast<Storage*>(arrays[3]),
                        at);
    });
    return kSuccess;
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(deformable_policy_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(deformable_policy_pool)[] = {
    POOLING_KERNEL("deformable_policy_pool_choice", PolicyParameters, 4, choice),
    POOLING_KERNEL("deformable_policy_pool_repetition", PolicyParameters, 3, repetition),
    POOLING_KERNEL("deformable_policy_pool_gradient", PolicyParameters, 4, gradient),
    {},
};
}  // namespace pooling
