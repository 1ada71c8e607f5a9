// SPDX-License-Identifier: Apache-2.0
// Small planes of some channels with the channels side by side, in scratch memory.
#pragma once

#include "cells.h"
#include "plane_sums.h"
#include "transposition.h"
#include "wide_numbers.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
class TransposedPlanes {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    typedef typename RealTraits<Real>::Bits Place;
    typedef typename RealTraits<Vector>::Bits Places;
    static constexpr Index kLanes = lane_count<Vector>();

    // Whether maps and cells of some channels stay in the first-level cache or not far from it.
    static bool fit(const CellParameters& p) {
        constexpr Index kMost = 1024;
        return p.plane_words == 0 && p.x.axes[2] == 1 && p.channels >= 4 && p.cells <= kMost &&
               p.input[0] * p.input[1] * p.input[2] <= kMost;
    }

    // Channels at a time, in whole vectors.
    static Index pitch(const CellParameters& p) {
        return minimum(4 * kLanes, padded<Vector>(p.channels));
    }

    // target[position * pitch + channel], from an array's first position of the first channel on.
    static void load(const Storage* first, const Index* size, const TensorStrides& s, Index channels, Real* target,
                     Index pitch) {
        for_each_run(size, s, channels, [&](Index position, Index offset, Index count, Index c, int lanes) {
            load_transposed<Vector>(first + offset, s.channel, lanes, count, target + position * pitch + c, pitch);
        });
    }

    // The inverse.
    static void store(Storage* first, const Index* size, const TensorStrides& s, Index channels, const Real* source,
                      Index pitch) {
        for_each_run(size, s, channels, [&](Index position, Index offset, Index count, Index c, int lanes) {
            store_transposed<Vector>(first + offset, s.channel, lanes, count, source + position * pitch + c, pitch);
        });
    }

    static void store(Index* first, const Index* size, const TensorStrides& s, Index channels, const Place* source,
                      Index pitch) {
        for_each_run(size, s, channels, [&](Index position, Index offset, Index count, Index c, int lanes) {
            const Place* places = source + position * pitch + c;
            if (count == 1) {
                store_positions(first + offset, s.channel, lanes, load_unaligned<Places>(places), 0);
                return;
            }
            for_each_transposed<Vector>(reinterpret_cast<const Real*>(places), pitch, lanes, count,
                                        [&](int lane, Index begin, int width, Vector v) POOLING_INLINE_LAMBDA {
                                            store_positions(first + offset + lane * s.channel + begin, 1, width,
                                                            bit_cast<Places>(v), 0);
                                        });
        });
    }

private:
    // Calls function(first position, its offset, number of positions that lie side by side, first channel, channels).
    template <class Function>
    static void for_each_run(const Index* size, const TensorStrides& s, Index channels, const Function& function) {
        PlaneOffsets offsets(size, s.axes);
        Index positions = size[0] * size[1] * size[2];
        Index run = s.axes[2] != 1 ? 1 : offsets.even() ? positions : size[2];
        for (Index position = 0; position < positions; position += run) {
            for (Index c = 0; c < channels; c += kLanes) {
                function(position, offsets(position) + c * s.channel, run, c,
                         static_cast<int>(minimum(kLanes, channels - c)));
            }
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
