// SPDX-License-Identifier: Apache-2.0
#include "../kernels/soft_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(soft_pool, soft_pool, pooling::TapGradients<pooling::SoftPool>)
