// SPDX-License-Identifier: Apache-2.0
// Boxes of the input that gradients are worked on one by one, so that what they need stays in the cache.
#pragma once

#include "../core/window_geometry.h"
#include "scratch.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

constexpr Index kScratchElements = 1 << 16;  // 256 KiB of float: fits the second-level cache of common processors

// Cuts the map into boxes. The cut depends on the geometry alone, never on the threads.
struct Tiling {
    Index extent[kAxes];
    Index count[kAxes];

    // square: not of long rows, where nothing gains by them.
    Tiling(const WindowGeometry& g, Index scratch_per_window, bool square = false) {
        for (int a = 0; a < kAxes; a++) {
            extent[a] = g.axes[a].input;
        }
        while (square && windows(g) * scratch_per_window > kScratchElements && extent[longest()] > 1) {
            extent[longest()] = (extent[longest()] + 1) / 2;
        }
        for (int a = 0; a < kAxes; a++) {
            while (extent[a] > 1 && windows(g) * scratch_per_window > kScratchElements) {
                extent[a] = (extent[a] + 1) / 2;
            }
        }
        for (int a = 0; a < kAxes; a++) {
            count[a] = ceil_divide(g.axes[a].input, extent[a]);
        }
    }

    Index total() const {
        return count[0] * count[1] * count[2];
    }

    int longest() const {
        int longest = 0;
        for (int a = 1; a < kAxes; a++) {
            longest = extent[a] > extent[longest] ? a : longest;
        }
        return longest;
    }

    // Most windows that lie over one tile, along one axis and in all.
    Index windows(const WindowAxis& axis, int a) const {
        Index reach = (axis.kernel - 1) * axis.dilation;
        return minimum(axis.output, (extent[a] - 1 + reach) / axis.stride + 1);
    }

    Index windows(const WindowGeometry& g) const {
        return windows(g.axes[0], 0) * windows(g.axes[1], 1) * windows(g.axes[2], 2);
    }

    Range inputs(const WindowAxis& axis, int a, Index tile) const {
        Index begin = tile * extent[a];
        return {begin, minimum(axis.input, begin + extent[a])};
    }
};

// One box of the input and the windows over it.
struct Tile {
    Range inputs[kAxes];
    Range windows[kAxes];

    Tile(const WindowGeometry& g, const Tiling& tiling, Index index) {
        Index at[kAxes] = {index / tiling.count[2] / tiling.count[1], index / tiling.count[2] % tiling.count[1],
                           index % tiling.count[2]};
        for (int a = 0; a < kAxes; a++) {
            inputs[a] = tiling.inputs(g.axes[a], a, at[a]);
            windows[a] = windows_over(g.axes[a], inputs[a]);
        }
    }

    Index row_of(Index depth, Index height) const {
        return (depth - windows[0].begin) * windows[1].size() + height - windows[1].begin;
    }
};

// The windows over each place of an axis, which take divisions to find.
class WindowsOverPlaces {
public:
    explicit WindowsOverPlaces(const WindowAxis& axis) : windows_(axis.input) {
        for (Index i = 0; windows_ && i < axis.input; i++) {
            windows_.get()[i] = windows_over(axis, {i, i + 1});
        }
    }

    // False where there is no memory.
    explicit operator bool() const {
        return static_cast<bool>(windows_);
    }

    Range at(Index place) const {
        return windows_.get()[place];
    }

private:
    Scratch<Range> windows_;
};

// function(depth, height) for the rows of windows that a row of the input lies in. heights: windows over its height.
template <class Function>
POOLING_FUNCTION void for_each_row_of_windows_over(const WindowGeometry& g, Index depth, Index height, Range heights,
                                                   const Function& function) {
    Range depths = windows_over(g.axes[0], {depth, depth + 1});
    for (Index d = depths.begin; d < depths.end; d++) {
        if (!window_contains(g.axes[0], d, depth)) {
            continue;
        }
        for (Index h = heights.begin; h < heights.end; h++) {
            if (window_contains(g.axes[1], h, height)) {
                function(d, h);
            }
        }
    }
}

// The geometry whose outputs are the elements of the input, for a RowCursor that counts their rows.
inline WindowGeometry rows_of_input(const WindowGeometry& g) {
    WindowGeometry rows = g;
    for (WindowAxis& axis : rows.axes) {
        axis.output = axis.input;
    }
    return rows;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
