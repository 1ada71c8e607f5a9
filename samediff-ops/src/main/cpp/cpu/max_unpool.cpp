// SPDX-License-Identifier: Apache-2.0
#include "../kernels/max_unpool.h"

#include "plane_sums.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

// Arrays: input, index, output.
template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    const UnpoolParameters& p = *static_cast<const UnpoolParameters*>(parameters);
    const Storage* x = static_cast<const Storage*>(arrays[0]);
    const Index* index = static_cast<const Index*>(arrays[1]);
    Storage* y = static_cast<Storage*>(arrays[2]);
    MapView map = {p.batch, p.channels, p.output, p.to};
    PlaneBlocks blocks(map);
    PlaneOffsets offsets(p.output, p.to.axes);
    parallel_ranges(blocks.count(p.batch), map.positions() * blocks.width, [&](Index begin, Index end) {
        for (Index block = begin; block < end; block++) {
            Range channels = blocks.range(block);
            Storage* target = y + blocks.batch(block) * p.to.batch + channels.begin * p.to.channel;
            for (Index i = 0; i < map.positions(); i++) {
                for (Index c = 0; c < channels.size(); c++) {
                    target[offsets(i) + c * p.to.channel] = Storage{};
                }
            }
            for (Index row = 0; row < p.input[0] * p.input[1]; row++) {
                MapRow at(p.input, 1, row);
                at.batch = blocks.batch(block);
                at.channel = channels.begin;
                for (Index i = 0; i < p.input[2]; i++) {
                    const Storage* from = x + at.offset(p.from) + i * p.from.axes[2];
                    const Index* place = index + at.offset(p.index) + i * p.index.axes[2];
                    for (Index c = 0; c < channels.size(); c++) {
                        target[offsets(place[c * p.index.channel]) + c * p.to.channel] = from[c * p.from.channel];
                    }
                }
            }
        }
    });
    return kSuccess;
}

// Arrays: gradient of the output, index, gradient of the input.
template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    const UnpoolParameters& p = *static_cast<const UnpoolParameters*>(parameters);
    const Storage* y_gradient = static_cast<const Storage*>(arrays[0]);
    const Index* index = static_cast<const Index*>(arrays[1]);
    Storage* x_gradient = static_cast<Storage*>(arrays[2]);
    MapView map = {p.batch, p.channels, p.output, p.from};
    PlaneBlocks blocks(map);
    PlaneOffsets offsets(p.output, p.from.axes);
    bool out_of_memory = false;
    parallel_ranges(blocks.count(p.batch), map.positions() * blocks.width, [&](Index begin, Index end) {
        Scratch<UInt8> taken(map.positions() * blocks.width);
        if (!taken) {
            out_of_memory = true;  // every thread writes the same value
            return;
        }
        for (Index block = begin; block < end; block++) {
            Range channels = blocks.range(block);
            const Storage* from = y_gradient + blocks.batch(block) * p.from.batch + channels.begin * p.from.channel;
            for (Index i = 0; i < map.positions() * blocks.width; i++) {
                taken.get()[i] = 0;
            }
            // From the end: the first one to come to a place has it.
            for (Index row = p.input[0] * p.input[1] - 1; row >= 0; row--) {
                MapRow at(p.input, 1, row);
                at.batch = blocks.batch(block);
                at.channel = channels.begin;
                for (Index i = p.input[2] - 1; i >= 0; i--) {
                    Storage* target = x_gradient + at.offset(p.to) + i * p.to.axes[2];
                    const Index* place = index + at.offset(p.index) + i * p.index.axes[2];
                    for (Index c = 0; c < channels.size(); c++) {
                        Index position = place[c * p.index.channel];
                        UInt8& is_taken = taken.get()[position * blocks.width + c];
                        target[c * p.to.channel] = is_taken ? Storage{} : from[offsets(position) + c * p.from.channel];
                        is_taken = 1;
                    }
                }
            }
        }
    });
    return out_of_memory ? kOutOfMemory : kSuccess;
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(max_unpool)[];
const KernelEntry POOLING_KERNEL_TABLE(max_unpool)[] = {
    POOLING_KERNEL("max_unpool_forward", UnpoolParameters, 3, forward),
    POOLING_KERNEL("max_unpool_backward", UnpoolParameters, 3, backward),
    {},
};

}  // namespace pooling
