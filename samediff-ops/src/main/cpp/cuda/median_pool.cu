// SPDX-License-Identifier: Apache-2.0
#include "../kernels/median_pool.h"
#include "window_pool.cuh"

POOLING_GPU_CHOICE_KERNELS(median_pool, median_pool, pooling::MedianPool)
