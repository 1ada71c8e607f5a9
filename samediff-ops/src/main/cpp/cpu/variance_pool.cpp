// SPDX-License-Identifier: Apache-2.0
#include "../kernels/variance_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(variance_pool, VariancePool)
