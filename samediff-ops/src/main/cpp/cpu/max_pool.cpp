// SPDX-License-Identifier: Apache-2.0
#include "../kernels/max_pool.h"

#include "direct_windows.h"

POOLING_DIRECT_KERNELS(max_pool, DirectMaximumKernels, MaxPool)
