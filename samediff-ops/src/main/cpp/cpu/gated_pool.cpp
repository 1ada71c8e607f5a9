// SPDX-License-Identifier: Apache-2.0
#include "../kernels/gated_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(gated_pool, GatedPool)
