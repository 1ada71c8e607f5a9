// SPDX-License-Identifier: Apache-2.0
#include "../kernels/stochastic_pool.h"

#include "window_block.h"

POOLING_TWO_BLOCK_KERNELS(stochastic_pool, "stochastic_pool_training", StochasticPoolTraining,
                          "stochastic_pool_inference", StochasticPoolInference)
