// SPDX-License-Identifier: Apache-2.0
// Windows over spike trains: a thread goes through all steps of a window.
#pragma once

#include "../kernels/spiking.h"
#include "device_window.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

POOLING_FUNCTION Index spiking_windows(const WindowGeometry& g) {
    return g.batch * g.channels * g.axes[1].output * g.axes[2].output;
}

// The units of a window at a place whose time is 0.
struct SpikeWindow {
    const WindowGeometry& g;
    MapPlace at;
    Range rows;
    Range columns;

    POOLING_DEVICE SpikeWindow(const WindowGeometry& geometry, const TensorStrides& x, Index thread) : g(geometry) {
        at = MapPlace::of(
            thread, g.channels, [&](int a) { return a == 0 ? 1 : geometry.axes[a].output; }, has_channels_last(x));
        rows = valid_taps(g.axes[1], at.axes[1]);
        columns = valid_taps(g.axes[2], at.axes[2]);
    }

    // visit(offset of a unit in the map of one channel, number of its tap)
    template <class Visit>
    POOLING_DEVICE void for_each(const TensorStrides& s, const Visit& visit) const {
        Index tap = 0;
        Index row = first(1, rows) * s.axes[1];
        for (Index i = rows.begin; i < rows.end; i++, row += g.axes[1].dilation * s.axes[1]) {
            Index offset = row + first(2, columns) * s.axes[2];
            for (Index j = columns.begin; j < columns.end; j++, tap++, offset += g.axes[2].dilation * s.axes[2]) {
                visit(offset, tap);
            }
        }
    }

    // Place of a tap's unit in the map of one step.
    POOLING_DEVICE Index position(Index tap) const {
        Index column = take_last(tap, columns.size());
        Index row = first(1, rows) + tap * g.axes[1].dilation;
        return row * g.axes[2].input + first(2, columns) + column * g.axes[2].dilation;
    }

private:
    POOLING_DEVICE Index first(int axis, const Range& taps) const {
        return window_start(g.axes[axis], at.axes[axis]) + taps.begin * g.axes[axis].dilation;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
