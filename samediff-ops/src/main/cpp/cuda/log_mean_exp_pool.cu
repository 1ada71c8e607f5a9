// SPDX-License-Identifier: Apache-2.0
#include "../kernels/log_mean_exp_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(log_mean_exp_pool, log_mean_exp_pool, pooling::LogMeanExpPool)
