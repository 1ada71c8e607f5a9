// SPDX-License-Identifier: Apache-2.0
#include "../kernels/idw_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(idw_pool, IdwPool)
