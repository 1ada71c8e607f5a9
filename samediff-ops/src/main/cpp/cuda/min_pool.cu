// SPDX-License-Identifier: Apache-2.0
#include "../kernels/min_pool.h"
#include "window_pool.cuh"

POOLING_WINDOW_KERNELS(min_pool, pooling::MinPool)
