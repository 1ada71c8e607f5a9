// SPDX-License-Identifier: Apache-2.0
#include "../kernels/min_pool.h"

#include "window_operator.h"

POOLING_WINDOW_KERNELS(min_pool, MinPool)
