// SPDX-License-Identifier: Apache-2.0
#include "../kernels/power_average_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(power_average_pool, power_average_pool, pooling::PowerAveragePool)
