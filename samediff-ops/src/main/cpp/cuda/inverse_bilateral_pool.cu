// SPDX-License-Identifier: Apache-2.0
#include "../kernels/inverse_bilateral_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(inverse_bilateral_pool, inverse_bilateral_pool, pooling::InverseBilateralPool)
