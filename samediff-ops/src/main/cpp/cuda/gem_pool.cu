// SPDX-License-Identifier: Apache-2.0
#include "../kernels/gem_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(gem_pool, gem_pool, pooling::GemPool)
