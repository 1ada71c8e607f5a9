// SPDX-License-Identifier: Apache-2.0
// Averages and maxima over ranges: adaptive, pyramid and fractional pooling, and the training pass of S3 pooling.
#include "cell_backward.h"
#include "cell_forward.h"
#include "whole_planes.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
KernelStatus average_forward(const void* parameters, void* const* arrays) {
    WholePlaneMeans<Storage> planes(parameters, arrays);
    return planes.applies() ? planes.run() : cell_forward<CellAverage, Storage>(parameters, arrays);
}

template <class Storage>
KernelStatus average_backward(const void* parameters, void* const* arrays) {
    return CellAverageGradient<Storage>(*static_cast<const CellParameters*>(parameters), arrays).run();
}

template <class Storage>
KernelStatus maximum_forward(const void* parameters, void* const* arrays) {
    return cell_forward<CellMaximum, Storage>(parameters, arrays);
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(cell_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(cell_pool)[] = {
    POOLING_KERNEL("cell_average_forward", CellParameters, 3, average_forward),
    POOLING_KERNEL("cell_average_backward", CellParameters, 3, average_backward),
    POOLING_KERNEL("cell_maximum_forward", CellParameters, 4, maximum_forward),
    POOLING_KERNEL("cell_maximum_backward", CellParameters, 4, cell_maximum_backward),
    {},
};

}  // namespace pooling
