// SPDX-License-Identifier: Apache-2.0
#include "../kernels/range_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(range_pool, RangePool)
