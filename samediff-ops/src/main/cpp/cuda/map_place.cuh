// SPDX-License-Identifier: Apache-2.0
// Which element of a map, or which window, a thread works on.
#pragma once

#include "../core/window_geometry.h"
#include "gpu_kernel.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// A place of the input or of the output.
struct MapPlace {
    Index batch;
    Index channel;
    Index axes[kAxes];

    // Neighbouring threads take neighbours in memory: channels where they lie next to each other, else columns.
    // size_of(axis); group: so many of them belong to a thread, the place is that of the first.
    template <class SizeOf>
    POOLING_DEVICE static MapPlace of(Index thread, Index channels, const SizeOf& size_of, bool channels_last,
                                      int group = 1) {
        MapPlace at;
        if (channels_last) {
            at.channel = take_last(thread, quotient(channels, group)) * group;
            group = 1;
        }
        for (int a = kAxes - 1; a >= 0; a--) {
            at.axes[a] = take_last(thread, quotient(size_of(a), group)) * group;
            group = 1;
        }
        if (!channels_last) {
            at.channel = take_last(thread, channels);
        }
        at.batch = thread;
        return at;
    }

    POOLING_DEVICE static MapPlace of(Index thread, const WindowGeometry& g, Index WindowAxis::*size,
                                      bool channels_last, int group = 1) {
        return of(
            thread, g.channels, [&](int a) { return g.axes[a].*size; }, channels_last, group);
    }

    // Of another one of its group.
    POOLING_DEVICE MapPlace neighbour(int i, bool channels_last) const {
        MapPlace at = *this;
        (channels_last ? at.channel : at.axes[2]) += i;
        return at;
    }

    POOLING_DEVICE Index offset(const TensorStrides& s) const {
        return batch * s.batch + channel * s.channel + axes[0] * s.axes[0] + axes[1] * s.axes[1] + axes[2] * s.axes[2];
    }

    // Its number in the order batch, channel, depth, height, width.
    POOLING_DEVICE Index number(const WindowGeometry& g, Index WindowAxis::*size) const {
        Index result = batch * g.channels + channel;
        for (int a = 0; a < kAxes; a++) {
            result = result * (g.axes[a].*size) + axes[a];
        }
        return result;
    }
};

POOLING_FUNCTION bool has_channels_last(const TensorStrides& s) {
    return s.channel == 1 && s.axes[2] != 1;
}

POOLING_FUNCTION Index positions_of(const Index* sizes) {
    return sizes[0] * sizes[1] * sizes[2];
}

// Number of a place in scratch memory whose order is that of the threads. position: any number inside the plane.
POOLING_DEVICE Index number_in_planes(Index batch, Index channel, Index channels, Index position, Index positions,
                                      bool channels_last) {
    return channels_last ? (batch * positions + position) * channels + channel
                         : (batch * channels + channel) * positions + position;
}

// Number of an element in its plane, row by row.
POOLING_DEVICE Index position_in(const Index* sizes, const Index* axes) {
    return (axes[0] * sizes[1] + axes[1]) * sizes[2] + axes[2];
}

// Where the element of that number stands.
POOLING_DEVICE Index offset_of_position(Index position, const Index* sizes, const TensorStrides& s) {
    Index width = take_last(position, sizes[2]);
    Index height = take_last(position, sizes[1]);
    return position * s.axes[0] + height * s.axes[1] + width * s.axes[2];
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
