// SPDX-License-Identifier: Apache-2.0
#include "../kernels/ada_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(ada_pool, AdaPool)
