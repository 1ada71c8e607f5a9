// SPDX-License-Identifier: Apache-2.0
#include "../kernels/max_pool.h"
#include "window_pool.cuh"

POOLING_GPU_CHOICE_KERNELS(max_pool, max_pool, pooling::MaxPool)
