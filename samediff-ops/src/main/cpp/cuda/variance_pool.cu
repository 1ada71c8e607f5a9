// SPDX-License-Identifier: Apache-2.0
#include "../kernels/variance_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(variance_pool, variance_pool, pooling::VariancePool)
