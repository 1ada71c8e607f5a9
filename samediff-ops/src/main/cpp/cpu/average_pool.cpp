// SPDX-License-Identifier: Apache-2.0
#include "../kernels/average_pool.h"

#include "direct_windows.h"

POOLING_WINDOW_TABLE(average_pool, DirectSumKernels, AveragePool)
