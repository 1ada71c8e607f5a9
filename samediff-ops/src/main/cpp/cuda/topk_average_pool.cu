// SPDX-License-Identifier: Apache-2.0
#include "../kernels/topk_average_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(topk_average_pool, topk_average_pool, pooling::TopkAveragePool)
