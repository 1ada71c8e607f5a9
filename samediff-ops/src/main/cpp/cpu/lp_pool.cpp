// SPDX-License-Identifier: Apache-2.0
#include "../kernels/lp_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(lp_pool, LpPool)
