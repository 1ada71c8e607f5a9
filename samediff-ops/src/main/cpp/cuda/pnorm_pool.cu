// SPDX-License-Identifier: Apache-2.0
#include "../kernels/pnorm_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(pnorm_pool, pnorm_pool, pooling::PnormPool)
