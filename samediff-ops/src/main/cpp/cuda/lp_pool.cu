// SPDX-License-Identifier: Apache-2.0
#include "../kernels/lp_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(lp_pool, lp_pool, pooling::LpPool)
