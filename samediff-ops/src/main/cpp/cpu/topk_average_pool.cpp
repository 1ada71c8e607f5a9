// SPDX-License-Identifier: Apache-2.0
#include "../kernels/topk_average_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(topk_average_pool, TopkAveragePool)
