// SPDX-License-Identifier: Apache-2.0
#include "../kernels/range_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(range_pool, range_pool, pooling::RangePool)
