// SPDX-License-Identifier: Apache-2.0
#include "../kernels/stochastic_pool.h"
#include "window_pool.cuh"

POOLING_GPU_CHOICE_KERNELS(stochastic_pool, stochastic_pool_training, pooling::StochasticPoolTraining)
POOLING_GPU_WINDOW_KERNELS(stochastic_pool, stochastic_pool_inference, pooling::StochasticPoolInference)
