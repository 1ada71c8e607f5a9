// SPDX-License-Identifier: Apache-2.0
#include "../kernels/pnorm_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(pnorm_pool, PnormPool)
