// SPDX-License-Identifier: Apache-2.0
// Means of windows that overlap, weighted by the exponentials of logits: soft pooling, whose logits are the elements
// themselves, and local importance-based pooling. An exponential is computed once for every element, not for every
// window that it lies in:
//     E = exp(l),  F = E x,  Z = sum E,  R = sum F over a window,  y = R / Z
// and with a = g / Z, b = a R / Z summed over the windows of an element to A and B
//     dy/dx = E A,  dy/dl = F A - E B
// Sums of windows are sums over rows first, then along the row. Planes with numbers too large for that go the way that
// treats each window by itself.
#pragma once

#include <stdlib.h>
#include <string.h>

#include "fused_means.h"
#include "fused_means_backward.h"
#include "planes.h"
#include "scratch.h"
#include "threads.h"
#include "means_backward.h"
#include "tile_of_means.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Whether elements lie in so many windows, on the average, that sharing exponentials pays.
inline bool shares_exponentials(const WindowGeometry& g, Index windows_of_an_element = 1) {
    Index per_element = 1;
    for (int a = 0; a < kAxes; a++) {
        const WindowAxis& axis = g.axes[a];
        Index extent = (axis.kernel - 1) * axis.dilation + 1;
        if (extent < axis.stride || extent > axis.input) {
            return false;
        }
        per_element *= axis.stride;
    }
    return taps_per_window(g) > windows_of_an_element * per_element;
}

template <class Storage>
class OverlappingMeansForward {
public:
    typedef TileOfMeans<Storage> Means;
    typedef typename Means::Real Real;

    OverlappingMeansForward(const OverlappingMeansArrays<Storage>& arrays, Storage* y, const TensorStrides& y_strides)
        : a_(arrays), y_(y), s_(y_strides) {}

    // The windows that begin in a tile.
    void tile(const Tiling& tiling, Index index, Index batch, Range channels, Means& means, bool* fits) const {
        const WindowGeometry& g = a_.geometry;
        Tile tile(g, tiling, index);
        Range own[kAxes];
        for (int a = 0; a < kAxes; a++) {
            own[a] = {windows_from(g.axes[a], tile.inputs[a].begin), tile.inputs[a].end == g.axes[a].input
                                                                         ? g.axes[a].output
                                                                         : windows_from(g.axes[a], tile.inputs[a].end)};
            if (own[a].size() <= 0) {
                return;
            }
        }
        if (!means.fill(batch, channels, own)) {
            *fits = false;
            return;
        }
        for (Index d = own[0].begin; d < own[0].end; d++) {
            for (Index h = own[1].begin; h < own[1].end; h++) {
                Storage* row = y_ + element_offset(s_, batch, channels.begin, d, h, own[2].begin);
                const Real* row_means = means.means(d, h);
                Index step = means.lanes.step(s_);
                means.lanes.for_each(own[2].size(), channels,
                                     [&](Index i, Index window, int count) POOLING_INLINE_LAMBDA {
                                         store_lanes(row + window * s_.axes[2], step, count, load_lanes(row_means + i));
                                     });
            }
        }
    }

private:
    typedef typename Means::Vector Vector;

    const OverlappingMeansArrays<Storage>& a_;
    Storage* y_;
    const TensorStrides& s_;

    // The first window that begins at an input or later; those of the padding before belong to the first tile.
    static Index windows_from(const WindowAxis& axis, Index input) {
        return input == 0 ? 0 : minimum(axis.output, ceil_divide(input + axis.padding, axis.stride));
    }
};

// Runs single(batch, block of channels) for the planes whose numbers are too large.
template <class Single>
KernelStatus for_each_large_plane(const WindowGeometry& g, Index blocks, const unsigned char* too_large,
                                  const Single& single) {
    KernelStatus status = kSuccess;
    parallel_ranges(g.batch * blocks, g.axes[0].input * g.axes[1].input * g.axes[2].input, [&](Index begin, Index end) {
        for (Index plane = begin; plane < end; plane++) {
            if (too_large[plane] != 0) {
                KernelStatus result = single(plane / blocks, plane % blocks);
                if (result != kSuccess) {
                    status = result;  // every thread writes the same value
                }
            }
        }
    });
    return status;
}

// Runs pass(tile, batch, channels, means, scratch, fits) for all tiles of all planes, and single(batch, channels) for
// planes with numbers that are too large. Whether they are is a matter of the planes alone that are worked on together.
template <class Storage, class Size, class Pass, class Single>
KernelStatus for_each_tile_of_means(const OverlappingMeansArrays<Storage>& arrays, const Tiling& tiling,
                                    const Size& scratch_size, const Pass& pass, const Single& single) {
    typedef TileOfMeans<Storage> Means;
    typedef typename Means::Real Real;
    const WindowGeometry& g = arrays.geometry;
    const Means sizes(arrays, tiling, nullptr);
    Index blocks = sizes.lanes.blocks(g);
    Index planes = g.batch * blocks;
    Index tiles = tiling.total();
    Index work = tiling.extent[0] * tiling.extent[1] * tiling.extent[2] * sizes.lanes.unit();
    Index further = scratch_size(sizes);
    Scratch<unsigned char> too_large(planes);
    if (!too_large) {
        return kOutOfMemory;
    }
    memset(too_large.get(), 0, static_cast<size_t>(planes));
    KernelStatus status = kSuccess;
    parallel_ranges(planes * tiles, work, [&](Index begin, Index end) {
        Real* scratch = static_cast<Real*>(calloc(static_cast<size_t>(sizes.scratch_size() + further), sizeof(Real)));
        if (scratch == nullptr) {
            status = kOutOfMemory;  // every thread writes the same value
            return;
        }
        Means means(arrays, tiling, scratch);
        for (Index item = begin; item < end; item++) {
            // Channels that share cache lines follow each other.
            bool by_channels = means.lanes.along_channels;
            Index tile = by_channels ? item / blocks % tiles : item % tiles;
            Index block = by_channels ? item % blocks : item / tiles % blocks;
            Index batch = item / tiles / blocks;
            unsigned char& large = too_large.get()[batch * blocks + block];
            bool fits = large == 0;
            if (fits) {
                pass(tile, batch, means.lanes.channels(g, block), means, scratch + sizes.scratch_size(), &fits);
            }
            if (!fits) {
                large = 1;
            }
        }
        free(scratch);
    });
    if (status != kSuccess) {
        return status;
    }
    return for_each_large_plane(g, blocks, too_large.get(), [&](Index batch, Index block) {
        return single(batch, sizes.lanes.channels(g, block));
    });
}

// Tiles are so small that weights, products and sums stay in the first-level cache, or, a vector's channels at once, in
// the second.
template <class Storage>
Tiling tiling_of_means(const OverlappingMeansArrays<Storage>& arrays) {
    bool along_channels = channels_last(arrays.geometry, arrays.x_strides);
    return Tiling(arrays.geometry, along_channels ? 256 : 120, along_channels);
}

template <class Pass, class Single>
KernelStatus run_fused(const WindowGeometry& g, const Pass& pass, const Single& single) {
    Index planes = g.batch * g.channels;
    Scratch<unsigned char> too_large(planes);
    if (!too_large) {
        return kOutOfMemory;
    }
    memset(too_large.get(), 0, static_cast<size_t>(planes));
    KernelStatus status = pass.run(too_large.get());
    if (status != kSuccess) {
        return status;
    }
    return for_each_large_plane(g, g.channels, too_large.get(), [&](Index batch, Index channel) {
        return single(batch, {channel, channel + 1});
    });
}

template <class Storage, class Single>
KernelStatus overlapping_means_forward(const OverlappingMeansArrays<Storage>& arrays, Storage* y,
                                       const TensorStrides& y_strides, const Single& single) {
    FusedMeansForward<Storage> fused(arrays, y, y_strides);
    if (fused.applies()) {
        return run_fused(arrays.geometry, fused, single);
    }
    Tiling tiling = tiling_of_means(arrays);
    OverlappingMeansForward<Storage> forward(arrays, y, y_strides);
    return for_each_tile_of_means(
        arrays, tiling, [](const TileOfMeans<Storage>&) { return Index(0); },
        [&](Index tile, Index batch, Range channels, TileOfMeans<Storage>& means, auto*, bool* fits) {
            forward.tile(tiling, tile, batch, channels, means, fits);
        },
        single);
}

template <class Storage, class Single>
KernelStatus overlapping_means_backward(const OverlappingMeansArrays<Storage>& arrays,
                                        const MeansGradients<Storage>& gradients, const Single& single) {
    FusedMeansBackward<Storage> fused(arrays, gradients);
    if (fused.applies()) {
        return run_fused(arrays.geometry, fused, single);
    }
    Tiling tiling = tiling_of_means(arrays);
    OverlappingMeansBackward<Storage> backward(arrays, gradients);
    if (!backward) {
        return kOutOfMemory;
    }
    return for_each_tile_of_means(
        arrays, tiling, [&](const TileOfMeans<Storage>& means) { return backward.scratch_size(tiling, means); },
        [&](Index tile, Index batch, Range channels, TileOfMeans<Storage>& means, auto* scratch, bool* fits) {
            backward.tile(tiling, tile, batch, channels, means, scratch, fits);
        },
        single);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
