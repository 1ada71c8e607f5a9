// SPDX-License-Identifier: Apache-2.0
#include "../kernels/soft_pool.h"

#include "window_operator.h"

POOLING_WINDOW_KERNELS(soft_pool, SoftPool)
