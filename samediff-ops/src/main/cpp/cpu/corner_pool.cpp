// SPDX-License-Identifier: Apache-2.0
// Vectors run over neighbouring lines, or along the channels where these lie side by side.
#include "../kernels/corner_pool.h"

#include "cells.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

// Lines that a vector goes along together.
struct LineGroups {
    const CornerParameters& p;
    bool along_channels;

    explicit LineGroups(const CornerParameters& parameters)
        : p(parameters), along_channels(p.x.channel == 1 && p.channels > 1 && p.x.line != 1) {}

    // function(first line of a group in each array, its number of lanes)
    template <class Vector, class Body>
    void run(const Body& body) const {
        Index planes = along_channels ? p.lines : p.channels;
        Index lanes = along_channels ? p.channels : p.lines;
        parallel_ranges(p.batch * planes, lanes * p.length, [&](Index begin, Index end) {
            body([&](const auto& function) {
                for (Index i = begin; i < end; i++) {
                    for_each_vector<Vector>(lanes, [&](Index first, int count) {
                        Index plane = i % planes;
                        function(i / planes, along_channels ? first : plane, along_channels ? plane : first, count);
                    });
                }
            });
        });
    }

    Index lane_stride(const CornerArray& array) const {
        return along_channels ? array.channel : array.line;
    }
};

template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    typedef typename LanesOf<typename StorageTraits<Storage>::Real>::Vector Vector;
    const CornerParameters& p = *static_cast<const CornerParameters*>(parameters);
    const Storage* x = static_cast<const Storage*>(arrays[0]);
    Storage* y = static_cast<Storage*>(arrays[1]);
    LineGroups groups(p);
    Index x_stride = groups.lane_stride(p.x);
    Index y_stride = groups.lane_stride(p.y);
    groups.run<Vector>([&](const auto& for_each_group) {
        for_each_group([&](Index batch, Index channel, Index line, int count) {
            const Storage* from = x + p.x.offset(batch, channel, line);
            Storage* to = y + p.y.offset(batch, channel, line);
            for_each_largest<Vector>(
                p.length, [&](Index i) { return load_lanes<Vector>(from + i * p.x.step, x_stride, count); },
                [&](Index i, const Largest<Vector>& largest) {
                    store_lanes(to + i * p.y.step, y_stride, count, largest.value);
                });
        });
    });
    return kSuccess;
}

// What an element is the largest of is a run of outputs that begins at its own place: backwards along the line, sums
// grow until there.
template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    typedef typename LanesOf<typename StorageTraits<Storage>::Real>::Vector Vector;
    typedef typename RealTraits<Vector>::Bits Places;
    typedef typename RealTraits<typename StorageTraits<Storage>::Real>::Bits Place;
    constexpr Index kLanes = lane_count<Vector>();
    const CornerParameters& p = *static_cast<const CornerParameters*>(parameters);
    const Storage* x = static_cast<const Storage*>(arrays[0]);
    const Storage* y_gradient = static_cast<const Storage*>(arrays[1]);
    Storage* x_gradient = static_cast<Storage*>(arrays[2]);
    LineGroups groups(p);
    Index x_stride = groups.lane_stride(p.x);
    Index g_stride = groups.lane_stride(p.y);
    Index result_stride = groups.lane_stride(p.x_gradient);
    bool out_of_memory = false;
    groups.run<Vector>([&](const auto& for_each_group) {
        Scratch<Place> chosen(p.length * kLanes);
        if (!chosen) {
            out_of_memory = true;  // every thread writes the same value
            return;
        }
        for_each_group([&](Index batch, Index channel, Index line, int count) {
            const Storage* from = x + p.x.offset(batch, channel, line);
            const Storage* gradient = y_gradient + p.y.offset(batch, channel, line);
            Storage* to = x_gradient + p.x_gradient.offset(batch, channel, line);
            for_each_largest<Vector>(
                p.length, [&](Index i) { return load_lanes<Vector>(from + i * p.x.step, x_stride, count); },
                [&](Index i, const Largest<Vector>& largest) {
                    store_unaligned(chosen.get() + i * kLanes, largest.place);
                });
            Vector sum = broadcast<Vector>(0);
            for (Index i = p.length - 1; i >= 0; i--) {
                sum += load_lanes<Vector>(gradient + i * p.y.step, g_stride, count);
                Places here = Places{} + static_cast<Place>(i);
                auto is_chosen = load_unaligned<Places>(chosen.get() + i * kLanes) == here;
                Vector result = is_chosen ? sum : broadcast<Vector>(0);
                sum = is_chosen ? broadcast<Vector>(0) : sum;
                store_lanes(to + i * p.x_gradient.step, result_stride, count, result);
            }
        });
    });
    return out_of_memory ? kOutOfMemory : kSuccess;
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(corner_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(corner_pool)[] = {
    POOLING_KERNEL("corner_pool_forward", CornerParameters, 2, forward),
    POOLING_KERNEL("corner_pool_backward", CornerParameters, 3, backward),
    {},
};

}  // namespace pooling
