// SPDX-License-Identifier: Apache-2.0
#include "../kernels/filter_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(filter_pool, filter_pool, pooling::FilterPool)
