// SPDX-License-Identifier: Apache-2.0
#include "../kernels/edscw_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(edscw_pool, EdscwPool)
