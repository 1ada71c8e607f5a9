// SPDX-License-Identifier: Apache-2.0
#include "../kernels/dpp_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(dpp_pool, DppPool)
