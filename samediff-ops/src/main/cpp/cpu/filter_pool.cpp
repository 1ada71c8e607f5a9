// SPDX-License-Identifier: Apache-2.0
#include "../kernels/filter_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(filter_pool, FilterPool)
