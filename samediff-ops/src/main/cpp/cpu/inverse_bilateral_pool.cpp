// SPDX-License-Identifier: Apache-2.0
#include "../kernels/inverse_bilateral_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(inverse_bilateral_pool, InverseBilateralPool)
