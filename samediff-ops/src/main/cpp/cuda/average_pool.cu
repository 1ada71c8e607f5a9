// SPDX-License-Identifier: Apache-2.0
#include "../kernels/average_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(average_pool, average_pool, pooling::AveragePool)
