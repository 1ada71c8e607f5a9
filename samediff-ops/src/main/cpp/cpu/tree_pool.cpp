// SPDX-License-Identifier: Apache-2.0
#include "../kernels/tree_pool.h"

#include "window_block.h"

POOLING_TWO_BLOCK_KERNELS(tree_pool, "tree_pool_1", TreePool<1>, "tree_pool_2", TreePool<2>)
