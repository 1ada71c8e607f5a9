// SPDX-License-Identifier: Apache-2.0
#include "../kernels/idw_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(idw_pool, idw_pool, pooling::IdwPool)
