// SPDX-License-Identifier: Apache-2.0
#include "../kernels/mixed_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(mixed_pool, MixedPool)
