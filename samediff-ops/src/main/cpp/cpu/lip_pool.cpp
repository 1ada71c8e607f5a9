// SPDX-License-Identifier: Apache-2.0
#include "../kernels/lip_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(lip_pool, LipPool)
