// SPDX-License-Identifier: Apache-2.0
// Kernels whose threads work on whole planes.
#pragma once

#include "../kernels/window_parameters.h"
#include "kernel_table.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

constexpr Index kLeastPlanes = 16;  // with fewer, threads would be idle

constexpr Index kChannelBit = 2;  // of kept_axes

// Whether the windows of a plane have the same value of the first parameter.
inline bool is_of_planes(const WindowHeader& header) {
    return (header.kept_axes[0] & ~kChannelBit) == 0;
}

// The gradient of such a parameter. Planes are added in order, so that it has the same bits for any number of threads.
template <class Storage>
void store_sums_of_planes(const WindowHeader& header, const double* of_planes, Storage* gradient,
                          const TensorStrides& strides) {
    typedef typename StorageTraits<Storage>::Real Real;
    Index planes = header.geometry.batch * header.geometry.channels;
    Index values = (header.kept_axes[0] & kChannelBit) != 0 ? header.geometry.channels : 1;
    for (Index value = 0; value < values; value++) {
        double sum = 0;
        for (Index plane = value; plane < planes; plane += values) {
            sum += of_planes[plane];
        }
        store(gradient + value * strides.channel, static_cast<Real>(sum));
    }
}

// Calls a kernel on the planes of a few channels of its arrays, whose strides stand in their order behind the header.
template <class Storage, int Arrays, class Kernel>
KernelStatus on_planes(const WindowHeader& header, const TensorStrides* strides, void* const* arrays, Index batch,
                       Range channels, const Kernel& kernel) {
    WindowParameters<Arrays> plane;
    static_cast<WindowHeader&>(plane) = header;
    plane.geometry.batch = 1;
    plane.geometry.channels = channels.size();
    void* addresses[Arrays];
    for (int i = 0; i < Arrays; i++) {
        plane.strides[i] = strides[i];
        addresses[i] =
            static_cast<Storage*>(arrays[i]) + batch * strides[i].batch + channels.begin * strides[i].channel;
    }
    return kernel(&plane, addresses);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
