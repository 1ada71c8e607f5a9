// SPDX-License-Identifier: Apache-2.0
#include "../kernels/dpid_pool.h"

#include "window_block.h"

POOLING_BLOCK_KERNELS(dpid_pool, DpidPool)
