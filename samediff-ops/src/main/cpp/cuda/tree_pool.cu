// SPDX-License-Identifier: Apache-2.0
#include "../kernels/tree_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(tree_pool, tree_pool_1, pooling::TreePool<1>)
POOLING_GPU_WINDOW_KERNELS(tree_pool, tree_pool_2, pooling::TreePool<2>)
