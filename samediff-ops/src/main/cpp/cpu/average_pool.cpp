// SPDX-License-Identifier: Apache-2.0
#include "../kernels/average_pool.h"

#include "direct_windows.h"

POOLING_DIRECT_KERNELS(average_pool, DirectSumKernels, AveragePool)
