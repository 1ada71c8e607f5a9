// SPDX-License-Identifier: Apache-2.0
// Averages and maxima over cells. A pass over columns of large cells, then one over cells, so that threads are many and
// neighbours read neighbours even where a cell is a whole map.
#include "cell_pool.cuh"

POOLING_GPU_KERNEL(cell_pool, cell_average_forward, pooling::CellForward<pooling::CellMean>, 3)
POOLING_GPU_KERNEL(cell_pool, cell_average_backward, pooling::CellMeanBackward, 1)
POOLING_GPU_KERNEL(cell_pool, cell_maximum_forward, pooling::CellForward<pooling::CellLargest>, 3)
POOLING_GPU_KERNEL(cell_pool, cell_maximum_backward, pooling::CellLargestBackward, 3)
