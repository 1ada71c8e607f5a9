// SPDX-License-Identifier: Apache-2.0
#include "../kernels/gem_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(gem_pool, GemPool)
