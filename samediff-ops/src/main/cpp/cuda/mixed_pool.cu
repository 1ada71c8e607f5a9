// SPDX-License-Identifier: Apache-2.0
#include "../kernels/mixed_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(mixed_pool, mixed_pool, pooling::MixedPool)
