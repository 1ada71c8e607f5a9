// SPDX-License-Identifier: Apache-2.0
#include "../kernels/median_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(median_pool, MedianPool)
