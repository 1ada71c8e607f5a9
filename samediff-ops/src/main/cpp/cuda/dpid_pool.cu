// SPDX-License-Identifier: Apache-2.0
#include "../kernels/dpid_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(dpid_pool, dpid_pool, pooling::DpidPool)
