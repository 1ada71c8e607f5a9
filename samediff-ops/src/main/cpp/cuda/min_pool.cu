// SPDX-License-Identifier: Apache-2.0
#include "../kernels/min_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(min_pool, min_pool, pooling::TapGradients<pooling::MinPool>)
