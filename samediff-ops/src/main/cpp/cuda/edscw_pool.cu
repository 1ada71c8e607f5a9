// SPDX-License-Identifier: Apache-2.0
#include "../kernels/edscw_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(edscw_pool, edscw_pool, pooling::EdscwPool)
