// SPDX-License-Identifier: Apache-2.0
#include "../kernels/sparse_pool.h"

#include "window_block.h"

namespace pooling {

extern const KernelEntry POOLING_KERNEL_TABLE(sparse_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(sparse_pool)[] = {
    POOLING_BLOCK_KERNEL_PAIR("sparse_max_pool", PlainBlocks, SparseMaxPool),
    POOLING_BLOCK_KERNEL_PAIR("sparse_average_pool", PlainBlocks, SparseAveragePool),
    POOLING_KERNEL("active_windows_forward", WindowParameters<2>, 2, PlainBlocks<ActiveWindows>::forward),
    {},
};

}  // namespace pooling
