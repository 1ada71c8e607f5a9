// SPDX-License-Identifier: Apache-2.0
#include "../kernels/sum_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(sum_pool, sum_pool, pooling::SumPool)
