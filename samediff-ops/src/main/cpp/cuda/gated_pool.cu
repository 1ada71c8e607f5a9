// SPDX-License-Identifier: Apache-2.0
#include "../kernels/gated_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(gated_pool, gated_pool, pooling::GatedPool)
