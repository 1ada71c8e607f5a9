// SPDX-License-Identifier: Apache-2.0
#include "../kernels/power_average_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(power_average_pool, PowerAveragePool)
