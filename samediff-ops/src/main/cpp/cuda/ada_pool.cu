// SPDX-License-Identifier: Apache-2.0
#include "../kernels/ada_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(ada_pool, ada_pool, pooling::AdaPool)
