// SPDX-License-Identifier: Apache-2.0
#include "../kernels/lip_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(lip_pool, lip_pool, pooling::LipPool)
