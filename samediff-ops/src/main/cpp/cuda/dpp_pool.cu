// SPDX-License-Identifier: Apache-2.0
#include "../kernels/dpp_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(dpp_pool, dpp_pool, pooling::DppPool)
