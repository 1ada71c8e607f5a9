// SPDX-License-Identifier: Apache-2.0
#include "../kernels/average_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(average_pool, AveragePool)
