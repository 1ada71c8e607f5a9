// SPDX-License-Identifier: Apache-2.0
#include "../kernels/sum_pool.h"

#include "direct_windows.h"

POOLING_WINDOW_TABLE(sum_pool, DirectSumKernels, SumPool)
