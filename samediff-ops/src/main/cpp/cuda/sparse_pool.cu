// SPDX-License-Identifier: Apache-2.0
#include "../kernels/sparse_pool.h"
#include "window_pool.cuh"

POOLING_GPU_WINDOW_KERNELS(sparse_pool, sparse_max_pool, pooling::SparseMaxPool)
POOLING_GPU_WINDOW_KERNELS(sparse_pool, sparse_average_pool, pooling::SparseAveragePool)
POOLING_GPU_KERNEL(sparse_pool, active_windows_forward, pooling::WindowForward<pooling::ActiveWindows>, 2)
