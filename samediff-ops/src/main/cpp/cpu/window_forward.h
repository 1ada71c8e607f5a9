// SPDX-License-Identifier: Apache-2.0
// Forward pass of a window operator: operator.forward<Real>(window) gives the value of each window.
#pragma once

#include "../kernels/window_parameters.h"
#include "kernel_table.h"
#include "threads.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Writes one row of outputs.
template <class Operator, class Storage>
struct ForwardVisitor {
    const Operator& op;
    Storage* row;
    Index stride;

    template <class Window>
    POOLING_FUNCTION void window(Index output, int lanes, const Window& window) {
        typedef typename Window::Real Real;
        store_lanes(row + output * stride, stride, lanes, op.template forward<Real>(window));
    }

    POOLING_FUNCTION void empty(Index output) {
        store(row + output * stride, typename StorageTraits<Storage>::Real(0));
    }
};

template <class Operator, class Storage>
void forward_along_rows(const WindowForwardParameters& p, const Storage* x, Storage* y) {
    const WindowGeometry& g = p.geometry;
    Operator op(p.options);
    RowWalk<Storage> walk(g, p.x);
    Index rows = g.batch * g.channels * g.axes[0].output * g.axes[1].output;
    parallel_ranges(rows, g.axes[2].output * taps_per_window(g), [&](Index begin, Index end) {
        RowCursor at(g, g.channels, begin);
        for (Index i = begin; i < end; i++, at.next(g, g.channels)) {
            const Storage* channel = x + at.batch * p.x.batch + at.channel * p.x.channel;
            RowOfWindows<Storage> row(g, p.x, channel, at.depth, at.height);
            Index target = element_offset(p.y, at.batch, at.channel, at.depth, at.height, 0);
            ForwardVisitor<Operator, Storage> visitor = {op, y + target, p.y.axes[2]};
            walk.visit(row, {0, g.axes[2].output}, visitor);
        }
    });
}

template <class Operator, class Storage>
void forward_along_channels(const WindowForwardParameters& p, const Storage* x, Storage* y) {
    const WindowGeometry& g = p.geometry;
    Operator op(p.options);
    Index rows = g.batch * g.axes[0].output * g.axes[1].output;
    parallel_ranges(rows, g.axes[2].output * g.channels * taps_per_window(g), [&](Index begin, Index end) {
        RowCursor at(g, 1, begin);
        for (Index i = begin; i < end; i++, at.next(g, 1)) {
            RowOfWindows<Storage> row(g, p.x, x + at.batch * p.x.batch, at.depth, at.height);
            Storage* target = y + element_offset(p.y, at.batch, 0, at.depth, at.height, 0);
            for (Index output = 0; output < g.axes[2].output; output++, target += p.y.axes[2]) {
                ForwardVisitor<Operator, Storage> visitor = {op, target, p.y.channel};
                visit_channels(row, g.axes[2], p.x.axes[2], output, {0, g.channels}, visitor);
            }
        }
    });
}

template <class Operator, class Storage>
KernelStatus window_forward(const void* parameters, void* const* arrays) {
    const WindowForwardParameters& p = *static_cast<const WindowForwardParameters*>(parameters);
    const Storage* x = static_cast<const Storage*>(arrays[0]);
    Storage* y = static_cast<Storage*>(arrays[1]);
    if (channels_last(p.geometry, p.x)) {
        forward_along_channels<Operator>(p, x, y);
    } else {
        forward_along_rows<Operator>(p, x, y);
    }
    return kSuccess;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
