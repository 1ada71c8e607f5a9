// SPDX-License-Identifier: Apache-2.0
#include "../kernels/max_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(max_pool, MaxPool)
