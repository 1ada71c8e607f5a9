// SPDX-License-Identifier: Apache-2.0
#include "../kernels/sum_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(sum_pool, SumPool)
