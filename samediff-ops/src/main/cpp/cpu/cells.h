// SPDX-License-Identifier: Apache-2.0
// Maps and the cells over them (kernels/cells.h) as loops on the CPU see them.
#pragma once

#include "../kernels/cells.h"
#include "kernel_table.h"
#include "lanes.h"
#include "scratch.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Sizes of a map and how to step through an array of it.
struct MapView {
    Index batch;
    Index channels;
    const Index* size;
    const TensorStrides& strides;

    bool channels_last() const {
        return strides.channel == 1 && channels > 1 && (strides.axes[2] != 1 || size[2] == 1);
    }

    Index positions() const {
        return size[0] * size[1] * size[2];
    }
};

// One row of a map or of the cells over it.
struct MapRow {
    Index batch, channel, depth, height;

    MapRow(Index of_batch, Index of_channel, Index of_depth, Index of_height)
        : batch(of_batch), channel(of_channel), depth(of_depth), height(of_height) {}

    // Rows are counted with the height fastest, or with the channels, whose elements may share cache lines.
    MapRow(const Index* size, Index channels, Index row, bool channels_fastest = false) {
        if (channels_fastest) {
            channel = row % channels;
            row /= channels;
        }
        height = row % size[1];
        row /= size[1];
        depth = row % size[0];
        row /= size[0];
        if (!channels_fastest) {
            channel = row % channels;
            row /= channels;
        }
        batch = row;
    }

    Index offset(const TensorStrides& s) const {
        return batch * s.batch + channel * s.channel + depth * s.axes[0] + height * s.axes[1];
    }

    Index offset(const CellArray& cells) const {
        return cells.first + offset(cells.strides);
    }

    CellRow cells(const CellPlan& plan, const CellLevel& level, Index channels) const {
        return {plan, level, batch * channels + channel, depth, height};
    }
};

// Calls function(first lane, number of lanes) for vectors that cover [0, count).
template <class Vector, class Function>
POOLING_FUNCTION void for_each_vector(Index count, const Function& function) {
    constexpr int kLanes = lane_count<Vector>();
    for (Index i = 0; i < count; i += kLanes) {
        function(i, static_cast<int>(minimum(kLanes, count - i)));
    }
}

// Size of an array that is read and written in whole vectors.
template <class Vector>
POOLING_FUNCTION Index padded(Index count) {
    return ceil_divide(count, lane_count<Vector>()) * lane_count<Vector>();
}

// The sum, in an order that depends on the count alone.
template <class Real>
POOLING_FUNCTION Real sum_of(const Real* values, Index count) {
    typedef typename LanesOf<Real>::Vector Vector;
    constexpr int kLanes = lane_count<Vector>();
    Real sum = 0;
    Index i = 0;
    if (count >= 2 * kLanes) {
        Vector sums = load_lanes(values);
        for (i = kLanes; i + kLanes <= count; i += kLanes) {
            sums += load_lanes(values + i);
        }
        for (int lane = 0; lane < kLanes; lane++) {
            sum += sums[lane];
        }
    }
    for (; i < count; i++) {
        sum += values[i];
    }
    return sum;
}

template <class Vector>
POOLING_FUNCTION bool all_finite(Vector v) {
    return !any_lane(v - v != broadcast<Vector>(0));
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
