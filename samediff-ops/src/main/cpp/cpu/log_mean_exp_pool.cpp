// SPDX-License-Identifier: Apache-2.0
#include "../kernels/log_mean_exp_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(log_mean_exp_pool, LogMeanExpPool)
