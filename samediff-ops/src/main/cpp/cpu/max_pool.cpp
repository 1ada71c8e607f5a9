// SPDX-License-Identifier: Apache-2.0
#include "../kernels/max_pool.h"

#include "direct_windows.h"

POOLING_WINDOW_TABLE(max_pool, DirectMaximumKernels, MaxPool)
